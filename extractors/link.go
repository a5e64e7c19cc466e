package extractors

// LinkKind says what a link does.
type LinkKind string

// The kinds of links.
const (
	Attached LinkKind = "attached" // a managed policy counts for a principal
	Bounded  LinkKind = "bounded"  // a managed policy is the permissions boundary of a principal
	Member   LinkKind = "member"   // a user has what its group has
	Acts     LinkKind = "acts"     // something acts as a role or user: a function, an instance, a key holder
	Guarded  LinkKind = "guarded"  // an SCP or RCP holds for a root, unit or account
)

// Link is what makes one thing take part in the access of another, before and after
// the change: an attachment, a membership, a role that is used.
type Link struct {
	Address         string // of the resource that makes the link; unique together with Attribute and From
	PreviousAddress string // address before a move, or ""
	Type            string
	Attribute       string // the attribute that names the target
	Kind            LinkKind
	Action          Action
	// From is whose access the link is about: the role, user, group, function or
	// target of a guardrail.
	From Subject
	// FromUnknown says why From has neither an address nor a name; nil where it has.
	FromUnknown *Unknown
	// Before and After are what it links to; empty where there is no link.
	Before, After []Target
	Under         *Cases  // as in Grant
	Written       *Origin // as in Grant
}

// Origin is where the link was written.
func (l *Link) Origin() Origin { return l.Written.get() }

// Target is what a link leads to: a policy, a group, a role. Several targets of one
// link add up, also those of a boundary: what one of them allows is within it. The
// boundaries of several links hold all at once.
type Target struct {
	Kind    string   // policy, group, role, user, instance-profile, permission-set, ...; as Subject.Kind
	Address string   // address in the plan or template, where one is known
	Name    string   // name or ARN, where one is known
	Scope   string   // as Subject.Scope
	Unknown *Unknown // why neither is known; nil otherwise
	// Missing is what the input refers to and does not have, so that it cannot be applied.
	Missing string
}

// Block is a setting that holds access back as a whole and is no policy, such as a
// public access block: it limits what documents and access control lists give.
type Block struct {
	Address         string
	PreviousAddress string
	Type            string
	Attribute       string // the attribute, or the block of attributes, that holds the settings
	Action          Action
	Subject         Subject // what it protects: a bucket, an account, an access point
	Account         string  // 12-digit id, or "" where the input does not tell
	// Does completes "It ...", such as "blocks public access to a bucket".
	Does string
	// Before and After are the names of the settings in force, sorted.
	Before, After []string
	// Unknown says why After is not known; nil where it is.
	Unknown *Unknown
	Under   *Cases  // as in Grant
	Written *Origin // as in Grant
}

// Origin is where the setting was written.
func (b *Block) Origin() Origin { return b.Written.get() }

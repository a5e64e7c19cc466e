package rules

import (
	"strings"

	"github.com/grantdiff/grantdiff/extractors"
)

// actor is how a sentence calls a subject to which a document comes by what it acts as, such
// as "function resize acting as role worker": what allows is the policy of that one, and not
// one of the subject, which for a bucket would say who may use it. "" for other holdings.
func (h *Holding) actor(s *Sum) string {
	if len(h.Via) == 0 || h.Via[0].Kind != extractors.Acts {
		return ""
	}
	for _, hub := range h.Hubs {
		switch hub.Subject.Kind {
		case "role", "user":
			who := subjectName(s.Subject, h)
			if replicates(h.Via[0]) {
				who = "the replication of " + who
			}
			return who + " acting as " + subjectName(hub.Subject, nil)
		}
	}
	return ""
}

// replicates reports whether what acts is the replication of a bucket.
func replicates(l *extractors.Link) bool {
	return l.From.Kind == "bucket" && strings.Contains(strings.ToLower(l.Type+" "+l.Attribute), "replication")
}

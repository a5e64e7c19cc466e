package terraform

import (
	"bytes"
	"hash/maphash"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/grantdiff/grantdiff/extractors/terraform/eval"
)

// home is the partition and, where they are known, the account and the region that
// something is in.
type home struct{ partition, account, region string }

// maxHomes bounds the pairs of partition and account of one plan.
const maxHomes = 1000

// accountIndex says which accounts the resources of each provider configuration are
// in. Blocks are kept by hash, since a plan may have many: its seed is random, so
// that no plan can be made in which two collide.
type accountIndex struct {
	seed      maphash.Seed
	homes     map[home]uint16
	listed    []home
	seen      map[blockHome]struct{}
	providers map[uint64]uint16 // block: index into keys
	keys      []string
	keyOf     map[string]uint16
	modules   map[string]string // module address: path of calls
	overflow  bool

	settled     map[string]*homesOf // by provider configuration key, and "" for all
	regions     map[string]string   // by provider configuration key, as configured
	credentials map[string]string   // by provider configuration key, see credentialsOf
	groups      []*credentials      // all that differ
	shares      map[string]*credentials
	named       int // provider configurations of the AWS provider
}

type blockHome struct {
	block uint64
	home  uint16
}

// homesOf is what a set of resources agrees on.
type homesOf struct {
	partition, account, region              string
	partitionsDiffer, differ, regionsDiffer bool
}

func newAccountIndex() accountIndex {
	return accountIndex{
		seed: maphash.MakeSeed(), homes: map[home]uint16{}, seen: map[blockHome]struct{}{},
		providers: map[uint64]uint16{}, keyOf: map[string]uint16{}, modules: map[string]string{},
		regions: map[string]string{}, credentials: map[string]string{},
	}
}

func (ix *accountIndex) block(path, typ, name string) uint64 {
	var h maphash.Hash
	h.SetSeed(ix.seed)
	for _, s := range []string{path, typ, name} {
		_, _ = h.WriteString(s)
		_ = h.WriteByte(0)
	}
	return h.Sum64()
}

// calls is the path of module calls that an address of a module instance has.
func (ix *accountIndex) calls(module string) string {
	if module == "" {
		return ""
	}
	if path, ok := ix.modules[module]; ok {
		return path
	}
	steps, err := modulePath(module)
	path := ""
	for _, s := range steps {
		path += "." + s.name
	}
	if err != nil {
		path = "\x00" + module // no call has it
	}
	ix.modules[strings.Clone(module)] = path
	return path
}

// callerIdentity is the data source that tells the account of its provider configuration.
const callerIdentity = "aws_caller_identity"

// dataPrefix tells the blocks of data sources from those of resources.
const dataPrefix = "data."

// typeOf is the type of a block for the index: that of the data sources that tell where
// one is has its mode in front.
func typeOf(mode, typ string) string {
	if mode != "data" {
		return typ
	}
	switch typ {
	case callerIdentity, "aws_region", "aws_partition", documentType:
		return dataPrefix + typ
	}
	return ""
}

// tell notes where a provider configuration is, as a data source was told.
func (ix *accountIndex) tell(module, typ, name string, values jsontext.Value) {
	var h home
	switch typ {
	case callerIdentity:
		arn, _ := str(member(values, "arn"))
		var ok bool
		h.partition, _, ok = splitARN(arn)
		h.account, _ = str(member(values, "account_id"))
		if !ok || !accountID.MatchString(h.account) {
			return
		}
	case "aws_partition":
		h.partition, _ = str(member(values, "partition"))
	case "aws_region":
		if h.region, _ = str(member(values, "region")); h.region == "" {
			h.region, _ = str(member(values, "name"))
		}
	}
	if h != (home{}) {
		ix.note(h, module, dataPrefix+typ, name)
	}
}

// configured notes the provider configuration of a resource block.
func (ix *accountIndex) configured(path, typ, name, provider string) {
	isAWS := strings.HasPrefix(strings.TrimPrefix(typ, dataPrefix), "aws_")
	if provider == "" || !isAWS && !strings.HasPrefix(typ, "awscc_") {
		return
	}
	key, ok := ix.keyOf[provider]
	if !ok {
		if len(ix.keys) >= 1<<16-1 {
			ix.overflow = true
			return
		}
		if isAWS {
			ix.named++
		}
		key = uint16(len(ix.keys))
		ix.keyOf[provider] = key
		ix.keys = append(ix.keys, provider)
	}
	ix.providers[ix.block(path, typ, name)] = key
}

var arnName = []byte(`"arn"`)

// observe notes where a managed resource is by its own ARN, before or after. Those
// of Organizations name the management account whoever manages them.
func (ix *accountIndex) observe(o *object) {
	provider, rest, _ := strings.Cut(o.typ, "_")
	if o.mode == "data" || provider != "aws" && provider != "awscc" || strings.HasPrefix(rest, "organizations_") {
		return
	}
	var last home
	for _, side := range []jsontext.Value{o.before, o.after} {
		v, _ := o.single(side, "arn")
		partition, account, ok := splitARN(v)
		h := home{partition, account, regionOf(v)}
		if !ok || h == last {
			continue
		}
		last = h
		ix.note(h, o.module, o.typ, o.name)
		if same(o.before, o.after) {
			break
		}
	}
}

// note notes that something of a block is in a home.
func (ix *accountIndex) note(h home, module, typ, name string) {
	n, known := ix.homes[h]
	if !known {
		if len(ix.listed) >= maxHomes {
			ix.overflow = true
			return
		}
		h = home{strings.Clone(h.partition), strings.Clone(h.account), strings.Clone(h.region)}
		n = uint16(len(ix.listed))
		ix.homes[h] = n
		ix.listed = append(ix.listed, h)
	}
	ix.seen[blockHome{ix.block(ix.calls(module), typ, name), n}] = struct{}{}
}

// home is what is known of where the objects of a block are.
func (ix *accountIndex) home(module, mode, typ, name string) eval.Home {
	var out eval.Home
	key, ok := ix.providers[ix.block(ix.calls(module), typeOf(mode, typ), name)]
	if ok && !ix.overflow {
		provider := ix.keys[key]
		if ix.named > 1 {
			out.Provider = provider
		}
		if known := ix.settled[provider]; known != nil {
			if !known.differ {
				out.Account = known.account
			}
			if !known.partitionsDiffer {
				out.Partition = known.partition
			}
			if !known.regionsDiffer {
				out.Region = known.region
			}
		}
		if r := ix.regions[provider]; r != "" {
			out.Region = r
		}
	}
	if all := ix.settled[""]; out.Partition == "" && all != nil && !all.partitionsDiffer && !ix.overflow {
		out.Partition = all.partition
	}
	return out
}

func mayHaveARN(raw jsontext.Value) bool { return bytes.Contains(raw, arnName) }

// settle joins what was seen with the provider configurations.
func (ix *accountIndex) settle() {
	all := &homesOf{}
	ix.settled = map[string]*homesOf{"": all}
	for s := range ix.seen {
		h := ix.listed[s.home]
		all.take(h)
		if key, ok := ix.providers[s.block]; ok {
			k := ix.keys[key]
			if ix.settled[k] == nil {
				ix.settled[k] = &homesOf{}
			}
			ix.settled[k].take(h)
		}
	}
	ix.seen = nil
	ix.settleCredentials()
}

func (a *homesOf) take(h home) {
	if a.partition == "" {
		a.partition = h.partition
	}
	a.partitionsDiffer = a.partitionsDiffer || h.partition != "" && a.partition != h.partition
	if a.region == "" {
		a.region = h.region
	}
	a.regionsDiffer = a.regionsDiffer || h.region != "" && a.region != h.region
	if h.account == "" {
		return
	}
	if a.account == "" {
		a.account = h.account
	}
	a.differ = a.differ || a.account != h.account
}

// of is what is known about the provider configuration of a block; nil for nothing.
func (ix *accountIndex) of(module, typ, name string) *homesOf {
	key, ok := ix.providers[ix.block(ix.calls(module), typ, name)]
	if !ok || ix.overflow {
		return nil
	}
	return ix.settled[ix.keys[key]]
}

// placeAccount fills in the ARN that the policy is attached to and the account. An
// ARN of the object or of its subject tells the account; else all resources of the
// same provider configuration, which has one account's credentials, must agree.
func (x *extraction) placeAccount(p *pending) {
	subject := x.objects.at(p.Subject.Address)
	p.ARN = x.attachedARN(p, subject)
	if p.Subject.Kind == "account" && accountID.MatchString(p.Subject.Name) {
		p.Account = p.Subject.Name
		return
	}
	candidates := [...]string{p.ownARNs[0], p.ownARNs[1], p.subject.after, p.subject.before, p.ARN, ""}
	if subject != nil && !p.row.self() {
		candidates[len(candidates)-1] = subject.arn
	}
	for _, arn := range candidates {
		if p.Account = accountOf(arn); p.Account != "" {
			return
		}
	}
	if known := x.accounts.of(p.module, p.typ, p.name); known != nil && !known.differ {
		p.Account = known.account
	}
}

package access

// Every action is a prefix, a colon and a name; every resource an ARN or "*", the
// resource of actions that have none. All questions share these unions, whose globs
// have the first numbers everywhere.
var (
	common         = &interner{exact: map[string]*glob{}, byKey: map[string]*glob{}}
	actionDomain   = []*union{shared(plainly("¤§:¤§", isAction))}
	resourceDomain = []*union{shared(plainly("arn:§:§:§:§:*", isARN), literal("*"))}
	anyPrincipal   = []*union{anything}
)

// shared is a union that nothing is written to.
func shared(globs ...*glob) *union {
	u := common.union(globs)
	u.nearTexts(anything.globs[0], func(*glob) bool { return true }) // sorts them
	return u
}

package rules

import (
	"fmt"
	"slices"
)

// tellUnseen says of what a subject gains that a permissions boundary which the input does
// not show may hold it back: once, with the worst of its findings. What the findings say
// stands, since they are an upper bound of the access within any boundary.
func (s *Sum) tellUnseen(found []Found) {
	if len(s.Unseen) == 0 {
		return
	}
	worst := -1
	for i := range found {
		f := &found[i]
		if f.Undecided || f.Gained == nil || f.Archived != nil || !slices.Contains(gaining, f.Rule) {
			continue
		}
		if worst < 0 || f.Severity > found[worst].Severity {
			worst = i
		}
	}
	if worst < 0 {
		return
	}
	for _, name := range s.Unseen {
		found[worst].Details = append(found[worst].Details, fmt.Sprintf("Its permissions boundary, %s, "+unseenBoundary, Readable(name)))
	}
}

// unseenBoundary ends what tellUnseen says.
const unseenBoundary = "is not in the input and may hold this and its other access back."

// gaining are the rules that tell what a principal may do.
var gaining = []string{newAccess.ID, forbiddenAccess.ID, exceedsReference.ID, privilegeEscalation.ID}

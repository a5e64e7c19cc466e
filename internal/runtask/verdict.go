package runtask

import (
	"encoding/json"

	"github.com/grantdiff/grantdiff/internal/report"
	"github.com/grantdiff/grantdiff/rules"
)

// The states in which a task can end.
const (
	statusPassed = "passed"
	statusFailed = "failed"
)

// verdict is what a run is told.
type verdict struct {
	status, message string
	outcomes        []report.Outcome
}

// failed is the verdict on what could not be done.
func failed(message string) verdict { return verdict{status: statusFailed, message: message} }

// maxMessage is what a run takes for a message, in characters (runtask-result.json).
const maxMessage = 1000

// The documents of JSON:API that a run takes.
type (
	document struct {
		Data result `json:"data"`
	}
	result struct {
		Type          string         `json:"type"`
		Attributes    attributes     `json:"attributes"`
		Relationships *relationships `json:"relationships,omitempty"`
	}
	attributes struct {
		Status  string `json:"status"`
		Message string `json:"message"`
	}
	relationships struct {
		Outcomes outcomes `json:"outcomes"`
	}
	outcomes struct {
		Data []outcome `json:"data"`
	}
	outcome struct {
		Type       string            `json:"type"`
		Attributes outcomeAttributes `json:"attributes"`
	}
	outcomeAttributes struct {
		ID          string           `json:"outcome-id"`
		Description string           `json:"description"`
		Tags        map[string][]tag `json:"tags"`
		Body        string           `json:"body"`
	}
	tag struct {
		Label string `json:"label"`
		Level string `json:"level"`
	}
)

// document writes the verdict for a run, with its outcomes where the run takes them.
func (v verdict) document(withOutcomes bool) []byte {
	message := []rune(report.Inert(v.message))
	if len(message) > maxMessage {
		message = append(message[:maxMessage-1], '…')
	}
	d := document{result{Type: "task-results", Attributes: attributes{v.status, string(message)}}}
	if withOutcomes && len(v.outcomes) > 0 {
		var all []outcome
		for _, o := range v.outcomes {
			all = append(all, outcome{"task-result-outcomes", outcomeAttributes{o.ID, o.Description, tags(o), o.Body}})
		}
		d.Data.Relationships = &relationships{outcomes{all}}
	}
	b, err := json.Marshal(d)
	if err != nil {
		panic(err) // strings in structs
	}
	return b
}

// tags are what a run shows beside an outcome, by names that it knows.
func tags(o report.Outcome) map[string][]tag {
	out := map[string][]tag{"Status": {status(o)}}
	switch o.Level {
	case rules.Error:
		out["Severity"] = []tag{{"Error", "error"}}
	case rules.Warning:
		out["Severity"] = []tag{{"Warning", "warning"}}
	case rules.Note:
		out["Severity"] = []tag{{"Note", "info"}}
	case rules.Never: // no level of a finding
	}
	return out
}

func status(o report.Outcome) tag {
	switch o.State {
	case rules.OutcomeFail:
		return tag{"Failed", "error"}
	case rules.OutcomeUndecided:
		return tag{"Not decided", "error"}
	case rules.OutcomePass:
	}
	if o.Level == 0 {
		return tag{"Passed", "info"}
	}
	return tag{"Told only", "info"} // a finding below the threshold
}

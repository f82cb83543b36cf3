package main

import (
	"encoding/json"
	"fmt"
)

// mutant is a rule with one small fault in it, of a kind that people make.
type mutant struct {
	// ID is stable as long as the rule and those before it in its group are: file, group, number of the rule (from 1),
	// operator, number of the fault among those of the operator.
	ID    string `json:"id"`
	File  string `json:"file"`
	Group string `json:"group"`
	Rule  string `json:"rule"`
	Line  int    `json:"line"`
	// Operator names the kind of fault, Description the fault: "threshold 2 → 1".
	Operator    string     `json:"operator"`
	Description string     `json:"description"`
	Change      ruleChange `json:"change"`
}

// fault is what an operator makes of a rule: in words, and what it changes.
type fault struct {
	description string
	change      ruleChange
}

// ruleOperators are the kinds of faults, in the order in which they are reported.
var ruleOperators = append(exprOperators(),
	ruleOperator{"for", forFaults},
	ruleOperator{"keep_firing_for", keepFiringForFaults},
	ruleOperator{"severity", severityFaults},
	ruleOperator{"label", labelFaults},
	ruleOperator{"annotation", annotationFaults},
	ruleOperator{"template field", templateFaults},
	ruleOperator{"rule removed", removalFaults},
)

type ruleOperator struct {
	name   string
	faults func(r *rule) []fault
}

// mutants gives every small fault of every rule, in the order of the rules; files that Prometheus would refuse have none.
// No two are the same, and none is the rule as it is.
func mutants(files []ruleFile) []mutant {
	found := []mutant{}
	number := 0
	var in *group
	for _, r := range loadRules(files, 1).rules {
		if number++; r.group != in {
			in, number = r.group, 1
		}
		found = append(found, mutantsOf(r, number)...)
	}
	return found
}

func mutantsOf(r *rule, number int) (found []mutant) {
	known := map[string]bool{keyOf(ruleChange{Expr: &r.query}): true}
	for _, operator := range ruleOperators {
		count := 0
		for _, f := range operator.faults(r) {
			key := keyOf(f.change)
			if known[key] {
				continue
			}
			known[key] = true
			count++
			f.change.Rule = r.index
			found = append(found, mutant{
				ID:   fmt.Sprintf("%s/%s/%d/%s/%d", r.group.file, r.group.name, number, operator.name, count),
				File: r.group.file, Group: r.group.name, Rule: r.name, Line: r.line,
				Operator: operator.name, Description: f.description, Change: f.change,
			})
		}
	}
	return found
}

func keyOf(change ruleChange) string {
	text, err := json.Marshal(change)
	if err != nil {
		panic(err) // it holds texts and numbers only
	}
	return string(text)
}

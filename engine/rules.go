package main

import (
	"github.com/prometheus/common/model"
	"github.com/prometheus/common/promslog"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/rulefmt"
	"github.com/prometheus/prometheus/promql/parser"
)

// group is a rule group: its rules are evaluated one after another at each of its ticks.
type group struct {
	file, name string
	// intervalMs lies between two ticks; queries look offsetMs into the past.
	intervalMs, offsetMs int64
	// limit is the largest number of series or alerts that a rule may give, 0 for any.
	limit int
	rules []*rule
}

// rule is one recording or alerting rule, ready to be evaluated.
type rule struct {
	group *group
	// index is the place in the order of evaluation, over all files.
	index int
	line  int
	name  string
	alert bool
	expr  parser.Expr
	query string
	// labels are those of the group and of the rule; an alert's may be templates.
	labels, annotations labels.Labels
	forMs, keepFiringMs int64
}

// loadGroups parses all rule files. A file with a fault is left out as a whole, as Prometheus refuses it as a whole.
func loadGroups(files []ruleFile, defaultIntervalMs int64) (groups []*group, faults []ruleError) {
	index := 0
	for _, file := range files {
		parsed, errs := parseRuleFile(file.YAML)
		if len(errs) > 0 {
			faults = append(faults, placeErrors(file, errs)...)
			continue
		}
		places := groupsOf(file.YAML)
		for g, source := range parsed.Groups {
			loaded := &group{file: file.Name, name: source.Name, intervalMs: milliseconds(source.Interval), limit: source.Limit}
			if loaded.intervalMs == 0 {
				loaded.intervalMs = defaultIntervalMs
			}
			if source.QueryOffset != nil {
				loaded.offsetMs = milliseconds(*source.QueryOffset)
			}
			for i, definition := range source.Rules {
				loaded.rules = append(loaded.rules, newRule(loaded, index, places.rule(g, i), source.Labels, definition))
				index++
			}
			groups = append(groups, loaded)
		}
	}
	return groups, faults
}

func newRule(in *group, index, line int, groupLabels map[string]string, definition rulefmt.Rule) *rule {
	expr, err := promQL.ParseExpr(definition.Expr)
	if err != nil {
		panic(err) // rulefmt has just parsed it
	}
	lset := labels.NewBuilder(labels.FromMap(groupLabels))
	for name, text := range definition.Labels {
		lset.Set(name, text)
	}
	return &rule{
		group: in, index: index, line: line,
		name: definition.Alert + definition.Record, alert: definition.Alert != "",
		expr: expr, query: expr.String(), labels: lset.Labels(), annotations: labels.FromMap(definition.Annotations),
		forMs: milliseconds(definition.For), keepFiringMs: milliseconds(definition.KeepFiringFor),
	}
}

func parseRuleFile(yaml string) (*rulefmt.RuleGroups, []error) {
	return rulefmt.Parse([]byte(yaml), false, model.UTF8Validation, promQL, promslog.NewNopLogger())
}

func milliseconds(d model.Duration) int64 { return int64(d) / 1_000_000 }

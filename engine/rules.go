package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

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
	// labels are added to every rule's.
	labels map[string]string
}

// rule is one recording or alerting rule, ready to be evaluated. It is never changed.
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
	// What follows from them: labelTexts and texts are an alert's, queryText is what in them runs queries.
	labelTexts, texts []text
	queryText         string
	fixedLabels       bool
}

// complete works out what follows from a rule's texts.
func (r *rule) complete() *rule {
	if r.alert {
		r.labelTexts, r.texts = newTexts(r.labels), newTexts(r.annotations)
		r.queryText, r.fixedLabels = queryingText(r), labelsAreFixed(r)
	}
	return r
}

// recordedNames are the metrics that a rule writes.
func (r *rule) recordedNames() []string {
	if r.alert {
		return alertSeriesNames
	}
	return []string{r.name}
}

// ruleSet is all rules of some rule files, in order, and how they depend on each other. It is never changed.
type ruleSet struct {
	groups []*group
	rules  []*rule
	// faults are those of the files that were left out.
	faults []ruleError
	plan   *plan
	shared *sharedParts
	// changed are the sets with changes, by the text of these; the same changes are tried on many cases. cuts are what
	// trials of a changed set found out about its expressions.
	changed      map[string]*ruleSet
	changedRules int
	cuts         map[cutKey]*cut
}

// What bounds the changed sets that are remembered, to some 20 MB: the rules of all of them, where the expressions of one
// set, taken apart, count as many rules.
const (
	mostChangedRules = 50_000
	rulesPerChange   = 50
)

// loadedRules are the rule sets used last, the latest first: one set is mostly evaluated on many series in a row, and
// parsing it takes about as long as evaluating it.
var loadedRules []loaded

type loaded struct {
	files             []ruleFile
	defaultIntervalMs int64
	set               *ruleSet
}

const (
	mostLoaded      = 8
	mostLoadedBytes = 16 << 20
)

// loadRules parses all rule files, unless they are at hand.
func loadRules(files []ruleFile, defaultIntervalMs int64) *ruleSet {
	at := slices.IndexFunc(loadedRules, func(l loaded) bool {
		return l.defaultIntervalMs == defaultIntervalMs && slices.Equal(l.files, files)
	})
	if at < 0 {
		loadedRules = append(loadedRules, loaded{files, defaultIntervalMs, parseRules(files, defaultIntervalMs)})
		at = len(loadedRules) - 1
	}
	used := loadedRules[at]
	loadedRules = slices.Insert(slices.Delete(loadedRules, at, at+1), 0, used)
	bytes := 0
	for i, l := range loadedRules {
		for _, file := range l.files {
			bytes += len(file.YAML)
		}
		if i > 0 && (i == mostLoaded || bytes > mostLoadedBytes) {
			clear(loadedRules[i:])
			loadedRules = loadedRules[:i]
			break
		}
	}
	return used.set
}

// parseRules leaves out a file with a fault as a whole, as Prometheus refuses it as a whole.
func parseRules(files []ruleFile, defaultIntervalMs int64) *ruleSet {
	set := &ruleSet{}
	for _, file := range files {
		parsed, errs := parseRuleFile(file.YAML)
		if len(errs) > 0 {
			set.faults = append(set.faults, placeErrors(file, errs)...)
			continue
		}
		places := groupsOf(file.YAML)
		for g, source := range parsed.Groups {
			in := &group{
				file: file.Name, name: source.Name, limit: source.Limit, labels: source.Labels,
				intervalMs: milliseconds(source.Interval),
			}
			if in.intervalMs == 0 {
				in.intervalMs = defaultIntervalMs
			}
			if source.QueryOffset != nil {
				in.offsetMs = milliseconds(*source.QueryOffset)
			}
			for i, definition := range source.Rules {
				set.rules = append(set.rules, newRule(in, len(set.rules), places.rule(g, i), definition))
			}
			set.groups = append(set.groups, in)
		}
	}
	set.plan, set.shared = newPlan(set.rules), shareParts(set.rules)
	return set
}

func newRule(in *group, index, line int, definition rulefmt.Rule) *rule {
	expr, err := promQL.ParseExpr(definition.Expr)
	if err != nil {
		panic(err) // rulefmt has just parsed it
	}
	r := &rule{
		group: in, index: index, line: line,
		name: definition.Alert + definition.Record, alert: definition.Alert != "",
		expr: expr, query: expr.String(),
		labels: in.labelsWith(definition.Labels), annotations: labels.FromMap(definition.Annotations),
		forMs: milliseconds(definition.For), keepFiringMs: milliseconds(definition.KeepFiringFor),
	}
	return r.complete()
}

// labelsWith keeps labels that are empty: they take the label away from what the rule gives.
func (g *group) labelsWith(own map[string]string) labels.Labels {
	all := make(map[string]string, len(g.labels)+len(own))
	maps.Copy(all, g.labels)
	maps.Copy(all, own)
	return labels.FromMap(all)
}

// changedBy gives the set with the changes of a JSON text, whose rules are numbered as `numbers` has it, if that is given.
func (s *ruleSet) changedBy(text string, numbers []int) (*ruleSet, error) {
	if known := s.changed[text]; known != nil {
		return known, nil
	}
	var changes []ruleChange
	if err := json.Unmarshal([]byte(text), &changes); err != nil {
		return nil, err
	}
	count := len(s.rules)
	if numbers != nil {
		count = len(numbers)
	}
	for i, change := range changes {
		if change.Rule < 0 || change.Rule >= count {
			return nil, fmt.Errorf("there is no rule %d to change: the rules count from 0 to %d", change.Rule, count-1)
		}
		if numbers != nil {
			changes[i].Rule = numbers[change.Rule]
		}
	}
	changed, err := s.with(changes)
	if err != nil {
		return nil, err
	}
	size := len(s.rules) + rulesPerChange
	if s.changedRules += size; s.changed == nil || s.changedRules > mostChangedRules {
		s.changed, s.changedRules = map[string]*ruleSet{}, size
	}
	s.changed[text] = changed
	return changed, nil
}

// with gives the set with some rules changed.
func (s *ruleSet) with(changes []ruleChange) (*ruleSet, error) {
	changed := &ruleSet{groups: s.groups, faults: s.faults, rules: slices.Clone(s.rules), plan: s.plan}
	var replanned []int
	writes := false
	for _, change := range changes {
		r, err := changed.rules[change.Rule].with(change)
		if err != nil {
			return nil, err
		}
		changed.rules[change.Rule] = r
		if change.Expr != nil || change.Labels != nil || change.Annotations != nil {
			replanned = append(replanned, change.Rule)
		}
		writes = writes || change.Labels != nil
	}
	if writes {
		changed.plan = newPlan(changed.rules)
	} else if len(replanned) > 0 {
		changed.plan = s.plan.with(changed.rules, replanned)
	}
	return changed, nil
}

func (r *rule) with(change ruleChange) (*rule, error) {
	changed := *r
	if change.Expr != nil {
		expr, err := promQL.ParseExpr(*change.Expr)
		if err != nil {
			return nil, fmt.Errorf("the changed expression of rule %s: %w", describe(r), err)
		}
		changed.expr, changed.query = expr, expr.String()
	}
	if !r.alert && (change.ForMs != nil || change.KeepFiringForMs != nil || change.Annotations != nil) {
		return nil, fmt.Errorf("rule %s records: only its expression and labels can be changed", describe(r))
	}
	if change.ForMs != nil {
		changed.forMs = *change.ForMs
	}
	if change.KeepFiringForMs != nil {
		changed.keepFiringMs = *change.KeepFiringForMs
	}
	if changed.forMs < 0 || changed.keepFiringMs < 0 {
		return nil, fmt.Errorf("rule %s cannot hold for less than 0 ms", describe(r))
	}
	if change.Labels != nil {
		changed.labels = r.group.labelsWith(change.Labels)
	}
	if change.Annotations != nil {
		changed.annotations = labels.FromMap(change.Annotations)
	}
	if change.Labels != nil || change.Annotations != nil {
		changed.complete()
	}
	return &changed, nil
}

func parseRuleFile(yaml string) (*rulefmt.RuleGroups, []error) {
	return rulefmt.Parse([]byte(yaml), false, model.UTF8Validation, promQL, promslog.NewNopLogger())
}

func milliseconds(d model.Duration) int64 { return int64(d) / 1_000_000 }

package main

import (
	"fmt"
	"regexp"
	"slices"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql"
)

// evaluation is what a set of rules gave on a timeline.
type evaluation struct {
	timeline *timeline
	rules    *ruleSet
	store    *store
	queries  *queries
	texts    *templates
	// runs are the rules' own results, by their index.
	runs []*run
	// modeUsed is "range" or "stepwise", modeReason says why it had to be stepwise.
	modeUsed, modeReason string
	// brokenParts are those that cannot be evaluated at every tick, or are too large for partsRoom.
	brokenParts map[string]bool
	partsRoom   *keeping
}

// run is one rule on its way over the timeline and what came of it.
type run struct {
	rule    *rule
	state   state
	sources sources
	writer  *seriesWriter
	// faults: once for each kind, however many ticks it concerns.
	faults []ruleError
	// result is what the expression gave, if that was kept.
	result *result
	// instants: the rule was evaluated tick by tick, although the others were not.
	instants bool
}

// alerts are those that the rule gave, if it is an alerting rule.
func (r *run) alerts() []*alertInstance {
	if alerts, ok := r.state.(*alertState); ok {
		return alerts.instances()
	}
	return nil
}

// evaluate answers a request, on the timeline that was made of it.
func evaluate(request *evaluateRequest, t *timeline) (*evaluateResult, error) {
	e, err := t.evaluate(loadRules(request.RuleFiles, t.evaluationIntervalMs), request.Mode, nil)
	if err != nil {
		return nil, err
	}
	return e.answer(request.Queries), nil
}

// evaluate runs rules over the timeline and keeps what their expressions give, as far as asked for. Mode is "auto" (or ""), "range" or "stepwise".
func (t *timeline) evaluate(rules *ruleSet, mode string, keep *keeping) (*evaluation, error) {
	if err := t.checkTicks(rules.groups); err != nil {
		return nil, err
	}
	reason := rules.whyStepwise(t.input)
	switch mode {
	case "", "auto":
	case "stepwise":
		reason = "asked for"
	case "range":
		if reason != "" {
			return nil, fmt.Errorf("mode \"range\" would give wrong results here: %s", reason)
		}
	default:
		return nil, fmt.Errorf("mode is %q; it can be auto, range or stepwise", mode)
	}
	e := newEvaluation(t, rules, newStore(t.input))
	if reason != "" {
		e.modeUsed, e.modeReason = "stepwise", reason
		e.stepwise()
		return e, nil
	}
	for i, r := range rules.rules {
		found, done := e.resultWithParts(r, rules.shared.ofRule(i))
		e.runs[i] = e.follow(r, found)
		if keep.keep(found) {
			e.runs[i].result = found
		} else {
			done()
		}
	}
	return e, nil
}

func newEvaluation(t *timeline, rules *ruleSet, s *store) *evaluation {
	q := newQueries(s, t)
	return &evaluation{
		timeline: t, rules: rules, store: s, queries: q, texts: &templates{q, t},
		runs: make([]*run, len(rules.rules)), modeUsed: "range", brokenParts: map[string]bool{}, partsRoom: &keeping{t.maxSamples},
	}
}

func (e *evaluation) newRun(r *rule) *run {
	stepwise := e.modeUsed == "stepwise"
	w := &seriesWriter{rule: r, store: e.store, maxSamples: e.timeline.maxSamples, stepwise: stepwise, all: map[*series]bool{}}
	one := &run{rule: r, sources: sources{}, writer: w}
	if r.alert {
		one.state = &alertState{
			rule: r, writer: w, templates: e.texts, byLabels: map[uint64]*history{}, watched: e.timeline.watched, unread: e.timeline.alertsUnread,
			fixedLabels: r.fixedLabels, renderAtOnce: stepwise && r.queryText != "",
		}
	} else {
		one.state = &recordingState{rule: r, writer: w, targets: map[*source]*target{}, bySeries: map[*series]*target{}}
	}
	return one
}

// stepwise is the reference: at each tick every group that is due evaluates its rules in order, as promtool does.
func (e *evaluation) stepwise() {
	for i, r := range e.rules.rules {
		e.runs[i] = e.newRun(r)
	}
	t := e.timeline
	for tick := t.startMs; tick <= t.endMs; {
		next := t.endMs + 1
		for _, one := range e.runs {
			sinceTick := (tick - t.startMs) % t.interval(one.rule.group)
			if sinceTick == 0 {
				e.atTick(one, tick)
			}
			next = min(next, tick+t.interval(one.rule.group)-sinceTick)
		}
		tick = next
	}
}

func (e *evaluation) atTick(one *run, tick int64) {
	vector, err := e.queries.instant(one.rule.query, tick-one.rule.group.offsetMs, tick)
	if err != nil {
		one.fail(tick, err)
		return
	}
	found := make([]element, len(vector))
	for i, sample := range inOrder(vector) {
		found[i] = element{one.sources.of(sample.Metric), sample.F, sample.H}
	}
	one.fail(tick, one.state.step(tick, found))
}

// inOrder sorts what PromQL may give in random order: that in which series are first seen is to be the same every time.
func inOrder(vector promql.Vector) promql.Vector {
	slices.SortFunc(vector, func(a, b promql.Sample) int { return labels.Compare(a.Metric, b.Metric) })
	return vector
}

// follow takes a rule through what its expression gives, tick after tick.
func (e *evaluation) follow(r *rule, found *result) *run {
	one := e.newRun(r)
	one.instants = found.instants
	rows, failures := slices.Clone(found.rows), found.failures
	present := make([]element, 0, len(rows))
	t := e.timeline
	for tick := t.startMs; tick <= t.endMs; tick += t.interval(r.group) {
		if len(failures) > 0 && failures[0].tick == tick {
			one.fail(tick, failures[0].err)
			failures = failures[1:]
			continue
		}
		present = present[:0]
		for i := range rows {
			if element, ok := rows[i].at(tick - r.group.offsetMs); ok {
				present = append(present, element)
			}
		}
		one.fail(tick, one.state.step(tick, present))
	}
	return one
}

// alerts gives every label set that alerting rules gave, in the order of the rules, then by labels.
func (e *evaluation) alerts() []*alertInstance {
	all := []*alertInstance{}
	for _, one := range e.runs {
		all = append(all, one.alerts()...)
	}
	return all
}

// errors gives the faults of files, then those of rules in their order.
func (e *evaluation) errors() []ruleError {
	all := append([]ruleError{}, e.rules.faults...)
	for _, one := range e.runs {
		all = append(all, one.faults...)
	}
	return all
}

// firingAlert is one alert as it is at a tick.
type firingAlert struct {
	rule        *rule
	labels      labels.Labels
	annotations map[string]string
}

// firingAt gives the alerts that fire at a tick, which must be one of the timeline's watched ones, in the order of the
// rules. Annotations are as rendered when the expression last held.
func (e *evaluation) firingAt(tick int64) (found []firingAlert) {
	for _, one := range e.runs {
		if alerts, ok := one.state.(*alertState); ok {
			found = append(found, alerts.firingAt(tick)...)
		}
	}
	return found
}

// sources finds the source of a result by its labels.
type sources map[uint64][]*source

func (s sources) of(metric labels.Labels) *source {
	hash := metric.Hash()
	for _, candidate := range s[hash] {
		if labels.Equal(candidate.metric, metric) {
			return candidate
		}
	}
	created := &source{metric: metric}
	s[hash] = append(s[hash], created)
	return created
}

// labelSet is what tells two messages of one fault apart: the series that PromQL happens to name.
var labelSet = regexp.MustCompile(`\{[^}]*\}`)

func sameFault(a, b string) bool {
	return a == b || labelSet.ReplaceAllString(a, "") == labelSet.ReplaceAllString(b, "")
}

// fail notes an error, if it is one.
func (r *run) fail(tick int64, err error) {
	if err == nil {
		return
	}
	known := slices.IndexFunc(r.faults, func(e ruleError) bool { return sameFault(e.Message, err.Error()) })
	if known < 0 {
		known = len(r.faults)
		r.faults = append(r.faults, ruleError{
			File: r.rule.group.file, Group: r.rule.group.name, Rule: r.rule.name, Line: r.rule.line,
			Message: err.Error(), FirstAtMs: &tick,
		})
	}
	r.faults[known].Ticks++
}

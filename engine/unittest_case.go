package main

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"sort"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
)

// unitTestCase is one test of a file: series, rules, and what is asserted of them.
type unitTestCase struct {
	*testGroup
	places               testGroupPlaces
	evaluationIntervalMs int64
	fuzzy                bool
}

// tick is the last evaluation before or at an eval_time.
func (c *unitTestCase) tick(evalTimeMs int64) int64 {
	return c.startMs() + evalTimeMs/c.evaluationIntervalMs*c.evaluationIntervalMs
}

// load evaluates the rules on the series, unless something is wrong before that: in promtool's order.
func (c *unitTestCase) load(u *unitTest, keep bool, into *testGroupResult) (*evaluationCase, *unitTestFailure) {
	input, startMs, endMs := newStore(nil), c.startMs(), c.tick(c.lastEvalMs())
	found, fault := loadNotation(input, c.InputSeries, notedTimes{startMs, milliseconds(c.Interval), c.evaluationIntervalMs, endMs})
	into.Unread, into.Replaced = c.ignored(found.unread), c.ignored(found.replaced)
	if fault != nil {
		return nil, &unitTestFailure{
			Kind: "load", Line: lineAt(c.places.series, fault.at), Series: shortened(c.InputSeries[fault.at].Series), Message: fault.err.Error(),
		}
	}
	if len(u.ruleFaults) > 0 {
		f := u.ruleFaults[0]
		return nil, &unitTestFailure{Kind: "load", Line: c.places.line, Rule: f.Rule, RuleFile: f.File, RuleLine: f.Line, Message: f.Message}
	}
	if at, err := c.missingAlertname(); err != nil {
		return nil, &unitTestFailure{Kind: "load", Line: lineAt(c.places.alerts, at), Message: err.Error()}
	}
	t := &timeline{
		input: input, startMs: startMs, endMs: endMs, evaluationIntervalMs: c.evaluationIntervalMs, ignoreGroupIntervals: true,
		maxSamples: defaultMaxSamples, maxInstantSamples: promtoolMaxSamples,
		externalLabels: c.ExternalLabels.Map(), watched: map[int64]bool{},
	}
	if err := t.check(); err != nil {
		return nil, &unitTestFailure{Kind: "load", Line: c.places.line, Message: err.Error()}
	}
	// promtool gives templates the text of the URL, whatever it is, but no URL to take apart.
	t.externalURL, t.parsedURL = c.ExternalURL, nil
	for _, a := range c.AlertRuleTests {
		t.watched[c.tick(milliseconds(a.EvalTime))] = true
	}
	// Changed rules may read other series.
	t.alertsUnread = !keep && u.rules.keepAlertsApart() && !c.readsAlerts(input)
	opened, err := &evaluationCase{}, error(nil)
	if keep {
		opened, err = t.openCase(u.rules, "auto")
	} else {
		opened.base, err = t.evaluate(u.rules, "auto", nil)
	}
	if err != nil {
		return nil, &unitTestFailure{Kind: "load", Line: c.places.line, Message: err.Error()}
	}
	return opened, nil
}

func (c *unitTestCase) ignored(numbers []int) []ignoredSeries {
	list := []ignoredSeries{}
	for _, at := range numbers {
		list = append(list, ignoredSeries{shortened(c.InputSeries[at].Series), lineAt(c.places.series, at)})
	}
	return list
}

// judge gives what does not hold. A rule that fails ends the test: promtool then compares no more than it has until there.
func (c *unitTestCase) judge(e *evaluation) []unitTestFailure {
	failedMs, faults := firstFaults(e)
	failures := c.judgeAlerts(e, failedMs)
	for _, f := range faults {
		failures = append(failures, unitTestFailure{
			Kind: "rule", Line: c.places.line, EvalTimeMs: failedMs - c.startMs(),
			Rule: f.Rule, RuleFile: f.File, RuleLine: f.Line, Message: f.Message,
		})
	}
	if len(faults) > 0 {
		return failures
	}
	for i := range c.PromqlExprTests {
		if failure := c.judgeSamples(e, i); failure != nil {
			failures = append(failures, *failure)
		}
	}
	return failures
}

// firstFaults gives the first tick at which rules fail, and the faults that they have there.
func firstFaults(e *evaluation) (firstMs int64, faults []ruleError) {
	firstMs = math.MaxInt64
	for _, one := range e.runs {
		for _, f := range one.faults {
			if *f.FirstAtMs < firstMs {
				firstMs, faults = *f.FirstAtMs, nil
			}
			if *f.FirstAtMs == firstMs {
				faults = append(faults, f)
			}
		}
	}
	return firstMs, faults
}

// judgeAlerts compares what fires at the last tick before or at each eval_time, up to the tick at which a rule failed.
func (c *unitTestCase) judgeAlerts(e *evaluation, failedMs int64) (failures []unitTestFailure) {
	order := make([]int, len(c.AlertRuleTests))
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(i, j int) bool {
		return c.AlertRuleTests[order[i]].EvalTime < c.AlertRuleTests[order[j]].EvalTime
	})
	for _, i := range order {
		test := &c.AlertRuleTests[i]
		evalTimeMs := milliseconds(test.EvalTime)
		tick := c.tick(evalTimeMs)
		if tick >= failedMs {
			break
		}
		got := firingOf(e, test.Alertname, tick)
		expected := make([]comparedAlert, len(test.ExpAlerts))
		for j, wanted := range test.ExpAlerts {
			expected[j] = expectedOf(test.Alertname, wanted)
		}
		slices.SortFunc(expected, compareAlerts)
		slices.SortFunc(got, compareAlerts)
		if slices.EqualFunc(expected, got, func(a, b comparedAlert) bool { return compareAlerts(a, b) == 0 }) {
			continue
		}
		failure := unitTestFailure{
			Kind: "alert", Line: lineAt(c.places.alerts, i), EvalTimeMs: evalTimeMs, Alert: test.Alertname,
			ExpectedAlerts: describeAlerts(expected), GotAlerts: describeAlerts(got), Phases: c.phases(e, test.Alertname),
		}
		if len(failures) < mostFailuresWithValues {
			failure.Values = c.values(e, test.Alertname, tick)
		}
		failures = append(failures, failure)
	}
	return failures
}

// mostFailuresWithValues is for how many failures of a test the values are asked for.
const mostFailuresWithValues = 20

// firingOf gives what fires of all alerting rules of a name.
func firingOf(e *evaluation, name string, tick int64) (found []comparedAlert) {
	for _, one := range e.runs {
		if alerts, ok := one.state.(*alertState); ok && one.rule.name == name {
			for _, a := range alerts.firingAt(tick) {
				found = append(found, comparedAlert{a.labels, labels.FromMap(a.annotations)})
			}
		}
	}
	return found
}

func expectedOf(name string, wanted expectedAlert) comparedAlert {
	all := map[string]string{}
	maps.Copy(all, wanted.Labels)
	all[labels.AlertName] = name
	return comparedAlert{labels.FromMap(all), labels.FromMap(wanted.Annotations)}
}

func (c *unitTestCase) assertions() []alertAssertion {
	found := []alertAssertion{}
	for i, a := range c.AlertRuleTests {
		expected := []map[string]string{}
		for _, wanted := range a.ExpAlerts {
			expected = append(expected, expectedOf(a.Alertname, wanted).labels.Map())
		}
		found = append(found, alertAssertion{a.Alertname, milliseconds(a.EvalTime), lineAt(c.places.alerts, i), expected})
	}
	return found
}

// mostPhases is of how many alerts the phases are told.
const mostPhases = 20

// phases tells when alerts of a name were pending and firing, from the start of the test.
func (c *unitTestCase) phases(e *evaluation, name string) (found []alertPhases) {
	sinceStart := func(ms int64) int64 { return ms - c.startMs() }
	for _, one := range e.runs {
		alerts, ok := one.state.(*alertState)
		if !ok || one.rule.name != name {
			continue
		}
		for _, h := range alerts.histories[:min(mostPhases, len(alerts.histories))] {
			told := alertPhases{Labels: h.labels.Map(), Phases: []alertPhase{}}
			for _, phase := range h.phases {
				relative := alertPhase{State: phase.State, FromMs: sinceStart(phase.FromMs)}
				if phase.ToMs != nil {
					to := sinceStart(*phase.ToMs)
					relative.ToMs = &to
				}
				told.Phases = append(told.Phases, relative)
			}
			found = append(found, told)
		}
	}
	return found
}

func (c *unitTestCase) judgeSamples(e *evaluation, at int) *unitTestFailure {
	test := &c.PromqlExprTests[at]
	failure := &unitTestFailure{Kind: "expr", Line: lineAt(c.places.exprs, at), EvalTimeMs: milliseconds(test.EvalTime), Expr: test.Expr}
	// Queried on what there is at the end: input as far as the last tick, and all that the rules recorded.
	vector, err := e.queries.instant(test.Expr, c.startMs()+failure.EvalTimeMs, everything)
	if err != nil {
		failure.Message = expressionError(err)
		return failure
	}
	expected, err := expectedSamples(test)
	if err != nil {
		failure.Message = err.Error()
		return failure
	}
	got := samplesOf(vector)
	slices.SortFunc(expected, compareSamples)
	slices.SortFunc(got, compareSamples)
	same := slices.EqualFunc(expected, got, func(a, b comparedSample) bool {
		return labels.Equal(a.labels, b.labels) && equalFloat(a.value, b.value, c.fuzzy) && a.histogram == b.histogram
	})
	if same {
		return nil
	}
	failure.ExpectedSamples, failure.GotSamples = describeSamples(expected), describeSamples(got)
	return failure
}

func expectedSamples(test *promqlTestCase) ([]comparedSample, error) {
	samples := make([]comparedSample, 0, len(test.ExpSamples))
	for _, e := range test.ExpSamples {
		lset, err := promQL.ParseMetric(e.Labels)
		sample := comparedSample{labels: lset, value: e.Value}
		if err == nil && e.Histogram != "" {
			sample.histogram, err = expectedHistogram(e.Histogram)
		}
		if err != nil {
			return nil, fmt.Errorf("exp_samples, labels %q: %w", e.Labels, notationError(err))
		}
		samples = append(samples, sample)
	}
	return samples, nil
}

func expectedHistogram(text string) (string, error) {
	// One is expected: what repeats may be cut short.
	_, values, err := promQL.ParseSeriesDesc(clampRepetitions("{} "+text, 2))
	switch {
	case err != nil:
		return "", err
	case len(values) != 1:
		return "", errors.New("one histogram is expected, not several values")
	case values[0].Histogram == nil:
		return "", fmt.Errorf("%q is no histogram", text)
	}
	return histogramText(values[0].Histogram), nil
}

func expressionError(err error) string {
	var syntax parser.ParseErrors
	if errors.As(err, &syntax) && len(syntax) > 0 {
		line, column := position(syntax[0])
		return fmt.Sprintf("%s, at %d:%d of the expression", syntax[0].Err, line, column)
	}
	return err.Error()
}

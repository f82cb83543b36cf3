package main

import (
	"math"
	"strconv"
	"strings"

	"github.com/prometheus/prometheus/model/histogram"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql"
)

// unitTestResult is what came of a file of promtool's format.
type unitTestResult struct {
	// Passed is promtool's verdict.
	Passed bool `json:"passed"`
	// Faults are why the file as a whole could not be run.
	Faults []ruleError       `json:"faults"`
	Groups []testGroupResult `json:"groups"`
	// Rules are those that the file names and that could be read.
	Rules []testedRule `json:"rules"`
	// AlertTests counts the alert_rule_test cases and ExprTests the promql_expr_test cases of the file.
	AlertTests int `json:"alertTests"`
	ExprTests  int `json:"exprTests"`
}

type testGroupResult struct {
	// Name is `unnamed#3` where the file gives none, as promtool has it.
	Name     string            `json:"name"`
	Line     int               `json:"line,omitempty"`
	Passed   bool              `json:"passed"`
	Failures []unitTestFailure `json:"failures"`
	// Alerts says what was asserted of alerts, in the order of the file, whether it held or not.
	Alerts    []alertAssertion `json:"alerts"`
	ExprTests int              `json:"exprTests"`
	// Unread and Replaced are input series that had no effect: promtool passed over them without a word.
	Unread   []ignoredSeries `json:"unread"`
	Replaced []ignoredSeries `json:"replaced"`
}

type ignoredSeries struct {
	Series string `json:"series"`
	Line   int    `json:"line,omitempty"`
}

// testedRule is a rule that a test can speak of. Labels are those that are the same for all its alerts.
type testedRule struct {
	File   string            `json:"file"`
	Group  string            `json:"group"`
	Line   int               `json:"line,omitempty"`
	Alert  string            `json:"alert,omitempty"`
	Record string            `json:"record,omitempty"`
	Labels map[string]string `json:"labels"`
	// ForMs is how long an alert must hold before it fires.
	ForMs int64 `json:"forMs"`
}

// alertAssertion says that exactly these alerts fire at a moment; none of them means: the alert is silent.
type alertAssertion struct {
	Alert      string              `json:"alert"`
	EvalTimeMs int64               `json:"evalTimeMs"`
	Line       int                 `json:"line,omitempty"`
	Expected   []map[string]string `json:"expected"`
}

// unitTestFailure is one assertion that does not hold, or what kept a test from being run to its end.
type unitTestFailure struct {
	// Kind is alert, expr, rule or load.
	Kind string `json:"kind"`
	Line int    `json:"line,omitempty"`
	// EvalTimeMs counts from the start of the test; of a rule that failed, it is the first tick at which it did.
	EvalTimeMs int64 `json:"evalTimeMs"`
	// Alert, Expr, Rule and Series name what it is about.
	Alert  string `json:"alert,omitempty"`
	Expr   string `json:"expr,omitempty"`
	Rule   string `json:"rule,omitempty"`
	Series string `json:"series,omitempty"`
	// RuleFile and RuleLine are where the rule stands.
	RuleFile string `json:"ruleFile,omitempty"`
	RuleLine int    `json:"ruleLine,omitempty"`
	// Message says what went wrong where there is nothing to compare.
	Message         string        `json:"message,omitempty"`
	ExpectedAlerts  []firedAlert  `json:"expectedAlerts,omitempty"`
	GotAlerts       []firedAlert  `json:"gotAlerts,omitempty"`
	ExpectedSamples []foundSample `json:"expectedSamples,omitempty"`
	GotSamples      []foundSample `json:"gotSamples,omitempty"`
	// Phases are the times at which alerts of this name were pending or firing, from the start of the test.
	Phases []alertPhases `json:"phases,omitempty"`
	// Values are what the alert's rules compared around EvalTimeMs.
	Values []signalValues `json:"values,omitempty"`
}

type alertPhases struct {
	Labels map[string]string `json:"labels"`
	Phases []alertPhase      `json:"phases"`
}

type firedAlert struct {
	Labels      map[string]string `json:"labels"`
	Annotations map[string]string `json:"annotations"`
}

// foundSample has either a value or a histogram, in its notation.
type foundSample struct {
	Labels    string `json:"labels"`
	Value     number `json:"value"`
	Histogram string `json:"histogram,omitempty"`
}

// comparedAlert is an alert as both sides of a comparison have it.
type comparedAlert struct{ labels, annotations labels.Labels }

func compareAlerts(a, b comparedAlert) int {
	if diff := labels.Compare(a.labels, b.labels); diff != 0 {
		return diff
	}
	return labels.Compare(a.annotations, b.annotations)
}

func describeAlerts(alerts []comparedAlert) []firedAlert {
	described := make([]firedAlert, len(alerts))
	for i, a := range alerts {
		described[i] = firedAlert{a.labels.Map(), a.annotations.Map()}
	}
	return described
}

type comparedSample struct {
	labels    labels.Labels
	value     float64
	histogram string
}

func describeSamples(samples []comparedSample) []foundSample {
	described := make([]foundSample, len(samples))
	for i, s := range samples {
		described[i] = foundSample{s.labels.String(), number(s.value), s.histogram}
	}
	return described
}

func compareSamples(a, b comparedSample) int { return labels.Compare(a.labels, b.labels) }

// equalFloat is Go's ==, as promtool compares: NaN equals nothing, not even an expected NaN.
func equalFloat(a, b float64, fuzzy bool) bool {
	return a == b || fuzzy && (math.Nextafter(a, math.Inf(-1)) == b || math.Nextafter(a, math.Inf(1)) == b)
}

func samplesOf(vector promql.Vector) []comparedSample {
	samples := make([]comparedSample, len(vector))
	for i, s := range vector {
		samples[i] = comparedSample{s.Metric, s.F, histogramText(s.H)}
	}
	return samples
}

// histogramText is the notation of a histogram, by which promtool compares.
func histogramText(h *histogram.FloatHistogram) string {
	if h == nil {
		return ""
	}
	return h.TestExpression()
}

// staticLabels leaves out templates: their values differ from alert to alert.
func staticLabels(lset labels.Labels) map[string]string {
	static := map[string]string{}
	lset.Range(func(l labels.Label) {
		if l.Value != "" && !strings.Contains(l.Value, "{{") {
			static[l.Name] = l.Value
		}
	})
	return static
}

func testName(name string, at int) string {
	if name != "" {
		return name
	}
	return "unnamed#" + strconv.Itoa(at)
}

package main

import (
	"slices"
	"strings"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
)

// A test of thousands of alerts spends most of its time and memory on the series ALERTS and ALERTS_FOR_STATE, which
// hardly any test reads.

var alertSeriesNames = []string{"ALERTS", "ALERTS_FOR_STATE"}

// keepAlertsApart says that no rule reads what alerting rules write, nor writes it, too.
func (s *ruleSet) keepAlertsApart() bool {
	names := map[string]bool{}
	for i, r := range s.rules {
		// What a template queries may be put together from labels.
		if r.queryText != "" || slices.ContainsFunc(s.plan.reads[i], func(writer int) bool { return s.rules[writer].alert }) {
			return false
		}
		if names[r.name] || slices.Contains(alertSeriesNames, r.name) {
			return false
		}
		// A label of that name is not in ALERTS, where alerts that differ in it alone are one series.
		if r.labels.Has("alertstate") || strings.Contains(r.query, "alertstate") {
			return false
		}
		names[r.name] = r.alert
	}
	return true
}

// readsAlerts says whether the test itself has such series or may ask for them.
func (c *unitTestCase) readsAlerts(input *store) bool {
	for _, one := range input.everySeries() {
		if slices.Contains(alertSeriesNames, one.labels.Get(labels.MetricName)) || one.labels.Has("alertstate") {
			return true
		}
	}
	for _, test := range c.PromqlExprTests {
		expr, err := promQL.ParseExpr(test.Expr)
		if err == nil && slices.ContainsFunc(selectors(expr), selectsAlerts) {
			return true
		}
	}
	return false
}

func selectsAlerts(s *parser.VectorSelector) bool {
	return slices.ContainsFunc(alertSeriesNames, func(name string) bool {
		return mayMatch(s.LabelMatchers, labels.FromStrings(labels.MetricName, name))
	})
}

package main

import (
	"slices"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
)

// signalValues tells what an alert's expression compared, around the moment at which the alert is not as expected.
type signalValues struct {
	// Expr is the side of the comparison that has series, Comparison and Threshold are the rest of it, if it is a number.
	Expr       string        `json:"expr"`
	Comparison string        `json:"comparison,omitempty"`
	Threshold  number        `json:"threshold"`
	Series     []querySeries `json:"series"`
}

const (
	// valuesBefore and valuesAfter are how many ticks are shown, mostValueSeries of how many series at most.
	valuesBefore, valuesAfter = 4, 1
	mostValueSeries           = 20
)

// values asks for the values that rules of a name compared around a tick. Times count from the start of the test.
func (c *unitTestCase) values(e *evaluation, name string, tick int64) (found []signalValues) {
	from := max(c.startMs(), tick-valuesBefore*c.evaluationIntervalMs)
	to := min(e.timeline.endMs, tick+valuesAfter*c.evaluationIntervalMs)
	for _, one := range e.runs {
		if !one.rule.alert || one.rule.name != name {
			continue
		}
		signal, comparison, threshold := comparedSignal(one.rule.expr)
		told := signalValues{Expr: signal.String(), Comparison: comparison, Threshold: number(threshold), Series: []querySeries{}}
		byMetric := map[uint64]int{}
		for t := from; t <= to; t += c.evaluationIntervalMs {
			vector, err := e.queries.instant(told.Expr, t-one.rule.group.offsetMs, t)
			if err != nil {
				break
			}
			for _, sample := range inOrder(vector) {
				hash := sample.Metric.Hash()
				at, known := byMetric[hash]
				if !known {
					if at = len(told.Series); at == mostValueSeries {
						continue
					}
					byMetric[hash] = at
					lset := labels.NewBuilder(sample.Metric).Del(labels.MetricName).Labels()
					told.Series = append(told.Series, querySeries{Labels: lset.Map(), TimestampsMs: []int64{}, Values: []number{}})
				}
				told.Series[at].TimestampsMs = append(told.Series[at].TimestampsMs, t-c.startMs())
				told.Series[at].Values = append(told.Series[at].Values, number(sample.F))
			}
		}
		found = append(found, told)
	}
	return found
}

var comparisons = []parser.ItemType{parser.EQLC, parser.NEQ, parser.GTR, parser.GTE, parser.LSS, parser.LTE}

// comparedSignal takes `signal > 5` apart, also where it is the first of what `and` or `unless` joins.
func comparedSignal(expr parser.Expr) (signal parser.Expr, comparison string, threshold float64) {
	switch e := expr.(type) {
	case *parser.ParenExpr:
		return comparedSignal(e.Expr)
	case *parser.BinaryExpr:
		if e.Op == parser.LAND || e.Op == parser.LUNLESS {
			return comparedSignal(e.LHS)
		}
		if limit, ok := literal(e.RHS); ok && slices.Contains(comparisons, e.Op) && !e.ReturnBool {
			return e.LHS, e.Op.String(), limit
		}
	}
	return expr, "", 0
}

func literal(expr parser.Expr) (float64, bool) {
	switch e := expr.(type) {
	case *parser.ParenExpr:
		return literal(e.Expr)
	case *parser.NumberLiteral:
		return e.Val, true
	case *parser.UnaryExpr:
		value, ok := literal(e.Expr)
		if e.Op == parser.SUB {
			value = -value
		}
		return value, ok
	}
	return 0, false
}

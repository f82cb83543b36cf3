package main

import (
	"fmt"
	"regexp"
	"slices"
	"time"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
)

// Faults of aggregations, functions and selectors.

// otherAggregations is what each aggregation is mistaken for.
var otherAggregations = map[parser.ItemType][]parser.ItemType{
	parser.SUM:     {parser.AVG, parser.MAX, parser.COUNT},
	parser.AVG:     {parser.SUM, parser.MIN, parser.MAX},
	parser.MIN:     {parser.MAX, parser.AVG},
	parser.MAX:     {parser.MIN, parser.AVG, parser.SUM},
	parser.COUNT:   {parser.SUM},
	parser.GROUP:   {parser.COUNT},
	parser.STDDEV:  {parser.STDVAR},
	parser.TOPK:    {parser.BOTTOMK},
	parser.BOTTOMK: {parser.TOPK},
}

func aggregationEdits(s site) (edits []edit) {
	a, ok := s.node.(*parser.AggregateExpr)
	if !ok {
		return nil
	}
	for _, op := range otherAggregations[a.Op] {
		edits = append(edits, change(about(fmt.Sprintf("%s → %s", a.Op, op), "of", a), func(a *parser.AggregateExpr) { a.Op = op }))
	}
	if !a.Op.IsAggregatorWithParam() && otherAggregations[a.Op] != nil {
		edits = append(edits, edit{about(a.Op.String()+" dropped", "of", a), func(node parser.Expr) parser.Expr {
			return s.fits(node.(*parser.AggregateExpr).Expr)
		}})
	}
	return edits
}

func groupingEdits(s site) (edits []edit) {
	a, ok := s.node.(*parser.AggregateExpr)
	if !ok || len(a.Grouping) == 0 {
		return nil
	}
	word := map[bool]string{true: "without", false: "by"}
	for i, label := range a.Grouping {
		description := about(fmt.Sprintf("%s-label %s dropped from %s", word[a.Without], label, a.Op), "of", a)
		edits = append(edits, change(description, func(a *parser.AggregateExpr) {
			a.Grouping = slices.Delete(a.Grouping, i, i+1)
		}))
	}
	description := about(fmt.Sprintf("%s → %s in %s", word[a.Without], word[!a.Without], a.Op), "of", a)
	return append(edits, change(description, func(a *parser.AggregateExpr) { a.Without = !a.Without }))
}

// otherFunctions is what each function is mistaken for; all of a line take the same arguments.
var otherFunctions = map[string][]string{
	"rate":              {"irate", "increase"},
	"irate":             {"rate", "increase"},
	"increase":          {"rate", "delta"},
	"delta":             {"increase", "deriv"},
	"idelta":            {"delta"},
	"deriv":             {"delta", "rate"},
	"changes":           {"resets"},
	"resets":            {"changes"},
	"avg_over_time":     {"max_over_time", "min_over_time"},
	"max_over_time":     {"avg_over_time", "min_over_time"},
	"min_over_time":     {"avg_over_time", "max_over_time"},
	"sum_over_time":     {"avg_over_time", "count_over_time"},
	"count_over_time":   {"sum_over_time"},
	"last_over_time":    {"max_over_time", "min_over_time"},
	"present_over_time": {"last_over_time"},
	"stddev_over_time":  {"stdvar_over_time"},
	"ceil":              {"floor"},
	"floor":             {"ceil"},
	"clamp_min":         {"clamp_max"},
	"clamp_max":         {"clamp_min"},
	"day_of_week":       {"day_of_month"},
	"histogram_count":   {"histogram_sum"},
	"histogram_sum":     {"histogram_count"},
	"histogram_avg":     {"histogram_sum"},
	"absent_over_time":  {"present_over_time"},
}

// droppable functions give a vector much like the one they take: they can be forgotten.
var droppable = []string{"abs", "ceil", "floor", "round", "clamp", "clamp_min", "clamp_max", "exp", "ln", "log2", "log10", "sqrt", "absent"}

func functionEdits(s site) (edits []edit) {
	call, ok := s.node.(*parser.Call)
	if !ok {
		return nil
	}
	for _, name := range otherFunctions[call.Func.Name] {
		edits = append(edits, change(about(fmt.Sprintf("%s → %s", call.Func.Name, name), "of", call), func(call *parser.Call) {
			call.Func = parser.Functions[name]
		}))
	}
	if slices.Contains(droppable, call.Func.Name) {
		edits = append(edits, edit{about(call.Func.Name+" dropped", "of", call), func(node parser.Expr) parser.Expr {
			return s.fits(node.(*parser.Call).Args[0])
		}})
	}
	return edits
}

func windowEdits(s site) (edits []edit) {
	switch n := s.node.(type) {
	case *parser.MatrixSelector:
		for _, to := range otherWindows(n.Range) {
			edits = append(edits, change(windowText(n.Range, to, n), func(n *parser.MatrixSelector) { n.Range = to }))
		}
	case *parser.SubqueryExpr:
		for _, to := range otherWindows(n.Range) {
			edits = append(edits, change(windowText(n.Range, to, n), func(n *parser.SubqueryExpr) { n.Range = to }))
		}
	}
	return edits
}

func otherWindows(window time.Duration) (others []time.Duration) {
	for _, factor := range []float64{0.5, 2} {
		others = append(others, time.Duration(scaledMs(window.Milliseconds(), factor))*time.Millisecond)
	}
	return others
}

func windowText(from, to time.Duration, node parser.Expr) string {
	return about(fmt.Sprintf("window %s → %s", durationText(from.Milliseconds()), durationText(to.Milliseconds())), "of", node)
}

func offsetEdits(s site) []edit {
	switch n := s.node.(type) {
	case *parser.VectorSelector:
		if n.OriginalOffset != 0 {
			return []edit{change(offsetText(n.OriginalOffset, n), func(n *parser.VectorSelector) { n.OriginalOffset = 0 })}
		}
	case *parser.SubqueryExpr:
		if n.OriginalOffset != 0 {
			return []edit{change(offsetText(n.OriginalOffset, n), func(n *parser.SubqueryExpr) { n.OriginalOffset = 0 })}
		}
	}
	return nil
}

func offsetText(offset time.Duration, node parser.Expr) string {
	sign := ""
	if offset < 0 {
		sign = "-"
	}
	return about(fmt.Sprintf("offset %s%s removed", sign, durationText(offset.Abs().Milliseconds())), "from", node)
}

var negated = map[labels.MatchType]labels.MatchType{
	labels.MatchEqual: labels.MatchNotEqual, labels.MatchNotEqual: labels.MatchEqual,
	labels.MatchRegexp: labels.MatchNotRegexp, labels.MatchNotRegexp: labels.MatchRegexp,
}

var takenLiterally = map[labels.MatchType]labels.MatchType{
	labels.MatchRegexp: labels.MatchEqual, labels.MatchNotRegexp: labels.MatchNotEqual,
}

// matcherEdits: forgotten, the opposite, or = written where =~ was meant. The metric's name stays. Copies of a tree share
// their matchers.
func matcherEdits(s site) (edits []edit) {
	selector, ok := s.node.(*parser.VectorSelector)
	if !ok {
		return nil
	}
	for i, matcher := range selector.LabelMatchers {
		if matcher.Name == labels.MetricName {
			continue
		}
		edits = append(edits, change(about(fmt.Sprintf("matcher %s removed", matcher), "from", selector), func(s *parser.VectorSelector) {
			s.LabelMatchers = slices.Delete(slices.Clone(s.LabelMatchers), i, i+1)
		}))
		others := []labels.MatchType{negated[matcher.Type]}
		if equal, isRegex := takenLiterally[matcher.Type]; isRegex && regexp.QuoteMeta(matcher.Value) != matcher.Value {
			others = append(others, equal)
		}
		for _, kind := range others {
			other, err := labels.NewMatcher(kind, matcher.Name, matcher.Value)
			if err != nil {
				continue
			}
			edits = append(edits, change(about(fmt.Sprintf("matcher %s → %s", matcher, other), "in", selector), func(s *parser.VectorSelector) {
				s.LabelMatchers = slices.Clone(s.LabelMatchers)
				s.LabelMatchers[i] = other
			}))
		}
	}
	return edits
}

package main

import (
	"fmt"
	"strconv"

	"github.com/prometheus/prometheus/promql/parser"
)

// What a number is for decides which faults it can have.
const (
	roleThreshold = iota + 1
	roleGuard
	roleQuantile
	roleOther
)

func thresholdEdits(s site) []edit { return thresholdsAs(roleThreshold, "threshold", s) }
func guardEdits(s site) []edit     { return thresholdsAs(roleGuard, "guard", s) }

// thresholdsAs: too high or too low by a little and by much, and a minus forgotten.
func thresholdsAs(role int, name string, s site) []edit {
	number, ok := numberAs(role, s)
	if !ok {
		return nil
	}
	values := []float64{0.5 * number.Val, 0.9 * number.Val, 1.1 * number.Val, 2 * number.Val}
	switch {
	case number.Val == 0 || isEquality(comparisonAbove(s)):
		values = []float64{number.Val - 1, number.Val + 1}
	case number.Val < 0:
		values = append(values, -number.Val)
	}
	return numbersInstead(name, number, values)
}

func quantileEdits(s site) []edit {
	number, ok := numberAs(roleQuantile, s)
	if !ok {
		return nil
	}
	return numbersInstead("quantile", number, []float64{0.5, 0.9, 0.95, 0.99})
}

// numberEdits: factors and arguments of functions; 100 → 1 is a conversion (percent) that was forgotten.
func numberEdits(s site) []edit {
	number, ok := numberAs(roleOther, s)
	if !ok {
		return nil
	}
	values := []float64{0.5 * number.Val, 2 * number.Val}
	if number.Val == 0 {
		values = []float64{1}
	}
	if number.Val >= 10 {
		values = append(values, 1)
	}
	return numbersInstead("number", number, values)
}

func numbersInstead(name string, number *parser.NumberLiteral, values []float64) (edits []edit) {
	for _, exact := range values {
		value := sixDigits(exact)
		changed := &parser.NumberLiteral{Val: value, Duration: number.Duration && value >= 0.001}
		edits = append(edits, change(fmt.Sprintf("%s %s → %s", name, number, changed), func(n *parser.NumberLiteral) {
			n.Val, n.Duration = changed.Val, changed.Duration
		}))
	}
	return edits
}

// sixDigits keeps 1.1 × 0.1 from being 0.11000000000000001.
func sixDigits(value float64) float64 {
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(value, 'g', 6, 64), 64)
	if err != nil {
		return value
	}
	return rounded
}

// numberAs gives the number at a place if it has this role. Of a sum like 24 * 3600 only the first number counts: the
// others would give the same faults once more.
func numberAs(role int, s site) (*parser.NumberLiteral, bool) {
	number, ok := s.node.(*parser.NumberLiteral)
	if !ok {
		return nil, false
	}
	return number, roleOf(s) == role
}

func roleOf(s site) int {
	node := s.node
	for i := len(s.above) - 1; i >= 0; i-- {
		switch above := s.above[i].(type) {
		case *parser.ParenExpr, *parser.UnaryExpr:
		case *parser.AggregateExpr:
			if above.Op == parser.QUANTILE {
				return roleQuantile
			}
			return roleOther
		case *parser.Call:
			if takesQuantile[above.Func.Name] {
				return roleQuantile
			}
			return roleOther
		case *parser.BinaryExpr:
			scalar := above.Type() == parser.ValueTypeScalar
			if scalar && above.LHS != node {
				return 0
			}
			if !scalar {
				return roleInVector(above, s.above[:i])
			}
		default:
			return roleOther
		}
		node = s.above[i]
	}
	return 0
}

var takesQuantile = map[string]bool{"histogram_quantile": true, "quantile_over_time": true}

// roleInVector: what a number is to a vector with which an operator combines it.
func roleInVector(operation *parser.BinaryExpr, above []parser.Expr) int {
	if !operation.Op.IsComparisonOperator() {
		return roleOther
	}
	var node parser.Expr = operation
	for i := len(above) - 1; i >= 0; i-- {
		set, ok := above[i].(*parser.BinaryExpr)
		if ok && (set.Op == parser.LAND || set.Op == parser.LUNLESS) && set.RHS == node {
			return roleGuard
		}
		node = above[i]
	}
	return roleThreshold
}

// comparisonAbove is the comparison that a number takes part in, or nil.
func comparisonAbove(s site) *parser.BinaryExpr {
	for i := len(s.above) - 1; i >= 0; i-- {
		if b, ok := s.above[i].(*parser.BinaryExpr); ok && b.Op.IsComparisonOperator() {
			return b
		}
	}
	return nil
}

func isEquality(b *parser.BinaryExpr) bool {
	return b != nil && (b.Op == parser.EQLC || b.Op == parser.NEQ)
}

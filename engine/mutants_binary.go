package main

import (
	"fmt"
	"slices"

	"github.com/prometheus/prometheus/promql/parser"
)

// Faults of operators between two operands.

var strictness = map[parser.ItemType][]parser.ItemType{
	parser.GTR: {parser.GTE}, parser.GTE: {parser.GTR}, parser.LSS: {parser.LTE}, parser.LTE: {parser.LSS},
}

var direction = map[parser.ItemType][]parser.ItemType{
	parser.GTR: {parser.LSS}, parser.GTE: {parser.LTE}, parser.LSS: {parser.GTR}, parser.LTE: {parser.GTE},
	parser.EQLC: {parser.NEQ}, parser.NEQ: {parser.EQLC},
}

var arithmetic = map[parser.ItemType][]parser.ItemType{
	parser.ADD: {parser.SUB}, parser.SUB: {parser.ADD}, parser.MUL: {parser.DIV}, parser.DIV: {parser.MUL},
}

var setOperators = map[parser.ItemType][]parser.ItemType{
	parser.LAND: {parser.LOR, parser.LUNLESS}, parser.LOR: {parser.LAND}, parser.LUNLESS: {parser.LAND},
}

func strictnessEdits(s site) []edit  { return otherOperators(strictness, s) }
func directionEdits(s site) []edit   { return otherOperators(direction, s) }
func arithmeticEdits(s site) []edit  { return otherOperators(arithmetic, s) }
func setOperatorEdits(s site) []edit { return otherOperators(setOperators, s) }

func otherOperators(table map[parser.ItemType][]parser.ItemType, s site) (edits []edit) {
	b, ok := s.node.(*parser.BinaryExpr)
	if !ok {
		return nil
	}
	for _, op := range table[b.Op] {
		edits = append(edits, edit{fmt.Sprintf("%s → %s in %s", b.Op, op, outline(b)), func(node parser.Expr) parser.Expr {
			b := node.(*parser.BinaryExpr)
			if b.Op.IsSetOperator() { // the only ones that bind more or less than what they are mistaken for
				b.LHS, b.RHS, node = bracketed(b.LHS), bracketed(b.RHS), s.fits(b)
			}
			b.Op = op
			return node
		}})
	}
	return edits
}

// outline says which operation is meant: `a / b`, of long operands only what they are about.
func outline(b *parser.BinaryExpr) string {
	return fmt.Sprintf("%s %s %s", operandOutline(b.LHS), b.Op, operandOutline(b.RHS))
}

const longOperand = 30

func operandOutline(operand parser.Expr) string {
	text := operand.String()
	if len(text) <= longOperand {
		return text
	}
	if subject := subjectOf(operand); subject != "" {
		return subject
	}
	return "…"
}

func boolEdits(s site) []edit {
	b, ok := s.node.(*parser.BinaryExpr)
	if !ok || !b.ReturnBool {
		return nil
	}
	return []edit{change("bool dropped in "+outline(b), func(b *parser.BinaryExpr) { b.ReturnBool = false })}
}

// swapEdits: the comparison of a vector with a number is left out, because its swap is another direction.
func swapEdits(s site) []edit {
	b, ok := s.node.(*parser.BinaryExpr)
	if !ok {
		return nil
	}
	comparesVectors := b.Op.IsComparisonOperator() && b.VectorMatching != nil
	if b.Op != parser.SUB && b.Op != parser.DIV && !comparesVectors {
		return nil
	}
	return []edit{change("operands swapped in "+outline(b), func(b *parser.BinaryExpr) {
		b.LHS, b.RHS = bracketed(b.RHS), bracketed(b.LHS)
		if m := b.VectorMatching; m != nil {
			m.Card = otherSide(m.Card)
		}
	})}
}

// clauseEdits: one side of and, or, unless forgotten.
func clauseEdits(s site) (edits []edit) {
	b, ok := s.node.(*parser.BinaryExpr)
	if !ok || !b.Op.IsSetOperator() {
		return nil
	}
	drop := func(dropped parser.Expr, keep func(b *parser.BinaryExpr) parser.Expr) {
		description := fmt.Sprintf("%s clause dropped: %s", b.Op, operandOutline(dropped))
		edits = append(edits, edit{description, func(node parser.Expr) parser.Expr {
			return s.fits(keep(node.(*parser.BinaryExpr)))
		}})
	}
	drop(b.RHS, func(b *parser.BinaryExpr) parser.Expr { return b.LHS })
	if b.Op == parser.LOR {
		drop(b.LHS, func(b *parser.BinaryExpr) parser.Expr { return b.RHS })
	}
	return edits
}

func otherSide(card parser.VectorMatchCardinality) parser.VectorMatchCardinality {
	switch card {
	case parser.CardManyToOne:
		return parser.CardOneToMany
	case parser.CardOneToMany:
		return parser.CardManyToOne
	}
	return card
}

// matchingEdits: on and ignoring with a label too few or mistaken for each other; group_left on the wrong side, without
// one of its labels, or forgotten.
func matchingEdits(s site) (edits []edit) {
	b, ok := s.node.(*parser.BinaryExpr)
	if !ok || b.VectorMatching == nil {
		return nil
	}
	m := b.VectorMatching
	add := func(what string, apply func(m *parser.VectorMatching)) {
		edits = append(edits, change(what+" in "+outline(b), func(b *parser.BinaryExpr) { apply(b.VectorMatching) }))
	}
	word := map[bool]string{true: "on", false: "ignoring"}
	for i, label := range m.MatchingLabels {
		add(fmt.Sprintf("label %s dropped from %s", label, word[m.On]), func(m *parser.VectorMatching) {
			m.MatchingLabels = slices.Delete(m.MatchingLabels, i, i+1)
		})
	}
	if len(m.MatchingLabels) > 0 {
		add(word[m.On]+" → "+word[!m.On], func(m *parser.VectorMatching) { m.On = !m.On })
	}
	if m.Card != parser.CardManyToOne && m.Card != parser.CardOneToMany {
		return edits
	}
	group := map[parser.VectorMatchCardinality]string{parser.CardManyToOne: "group_left", parser.CardOneToMany: "group_right"}
	for i, label := range m.Include {
		add(fmt.Sprintf("label %s dropped from %s", label, group[m.Card]), func(m *parser.VectorMatching) {
			m.Include = slices.Delete(m.Include, i, i+1)
		})
	}
	add(group[m.Card]+" → "+group[otherSide(m.Card)], func(m *parser.VectorMatching) { m.Card = otherSide(m.Card) })
	add(group[m.Card]+" dropped", func(m *parser.VectorMatching) { m.Card, m.Include = parser.CardOneToOne, nil })
	return edits
}

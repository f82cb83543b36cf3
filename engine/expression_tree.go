package main

import "github.com/prometheus/prometheus/promql/parser"

// exprNode is one step of an expression's evaluation. What does not change labels (parentheses, signs, ranges,
// subqueries) stands for what is in it; `Text` and `Type` are still its own.
type exprNode struct {
	Kind string `json:"kind"`
	Text string `json:"text"`
	Type string `json:"type"`
	// Selector is its place among the expression's selectors.
	Selector *int `json:"selector,omitempty"`
	// Value is that of a text.
	Value string `json:"value,omitempty"`
	// Op is the name of an aggregation, a function or an operator.
	Op string `json:"op,omitempty"`
	// Filters is true for a comparison that leaves out what it does not hold for.
	Filters bool `json:"filters,omitempty"`
	// Mode says what the labels are for: by or without, on or ignoring; empty where the text has no such clause.
	Mode   string   `json:"mode,omitempty"`
	Labels []string `json:"labels,omitempty"`
	// Side is left or right where one series of it may meet several of the other's; Include are the labels that
	// group_left or group_right copies.
	Side    string      `json:"side,omitempty"`
	Include []string    `json:"include,omitempty"`
	Args    []*exprNode `json:"args,omitempty"`
}

func describeTree(root parser.Expr) *exprNode {
	places := map[*parser.VectorSelector]int{}
	for i, s := range selectors(root) {
		places[s] = i
	}
	var describe func(parser.Expr) *exprNode
	inside := func(outer, inner parser.Expr) *exprNode {
		node := describe(inner)
		node.Text, node.Type = outer.String(), string(outer.Type())
		return node
	}
	describe = func(expr parser.Expr) *exprNode {
		node := &exprNode{Text: expr.String(), Type: string(expr.Type())}
		switch n := expr.(type) {
		case *parser.ParenExpr:
			return inside(n, n.Expr)
		case *parser.UnaryExpr:
			return inside(n, n.Expr)
		case *parser.StepInvariantExpr:
			return inside(n, n.Expr)
		case *parser.SubqueryExpr:
			return inside(n, n.Expr)
		case *parser.MatrixSelector:
			return inside(n, n.VectorSelector)
		case *parser.VectorSelector:
			place := places[n]
			node.Kind, node.Selector = "selector", &place
		case *parser.NumberLiteral:
			node.Kind = "number"
		case *parser.StringLiteral:
			node.Kind, node.Value = "text", n.Val
		case *parser.AggregateExpr:
			node.Kind, node.Op, node.Labels, node.Mode = "aggregation", n.Op.String(), n.Grouping, "by"
			if n.Without {
				node.Mode = "without"
			}
			node.Args = append(node.Args, describe(n.Expr))
			if n.Param != nil {
				node.Args = append(node.Args, describe(n.Param))
			}
		case *parser.Call:
			node.Kind, node.Op = "call", n.Func.Name
			for _, arg := range n.Args {
				node.Args = append(node.Args, describe(arg))
			}
		case *parser.BinaryExpr:
			node.Kind, node.Op = "operation", n.Op.String()
			node.Filters = n.Op.IsComparisonOperator() && !n.ReturnBool
			node.Args = []*exprNode{describe(n.LHS), describe(n.RHS)}
			if m := n.VectorMatching; m != nil {
				node.Labels, node.Include = m.MatchingLabels, m.Include
				if node.Mode = "ignoring"; m.On {
					node.Mode = "on"
				}
				switch m.Card {
				case parser.CardManyToOne:
					node.Side = "left"
				case parser.CardOneToMany:
					node.Side = "right"
				}
			}
		}
		return node
	}
	return describe(root)
}

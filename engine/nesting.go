package main

import (
	"fmt"

	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/promql/parser/posrange"
)

// deepest is how many brackets and operators of an expression may lie inside one another. All that is done to expressions
// goes down their trees, and the texts of their parts take time and memory with the cube of the depth: twice as deep, and
// the program ran out of memory; very much deeper, and the thread out of stack.
const deepest = 500

// nesting counts, of one pair of brackets, how deep what is inside of it may lie.
type nesting struct {
	// operators of the current argument: `a + b + c` lies as deep as it has operators.
	operators int
	// below is the deepest pair of brackets of the current argument, argument the deepest one before it.
	below, argument int
}

func (n nesting) depth() int { return max(n.argument, n.operators+n.below) }

// checkNesting refuses an expression that is nested too deeply, with the place at which it becomes so. It goes through
// the words of the text: the parser's tree would be too deep already.
func checkNesting(text string) error {
	if len(text) <= deepest {
		return nil
	}
	open := []nesting{{}}
	inSelector := false
	lexer := parser.Lex(text)
	for {
		var word parser.Item
		lexer.NextItem(&word)
		current := &open[len(open)-1]
		switch {
		case word.Typ == parser.EOF || word.Typ == parser.ERROR:
			return nil
		case word.Typ == parser.LEFT_BRACE || word.Typ == parser.RIGHT_BRACE:
			inSelector = word.Typ == parser.LEFT_BRACE
		case inSelector:
		case word.Typ == parser.LEFT_PAREN || word.Typ == parser.LEFT_BRACKET:
			open = append(open, nesting{})
		case word.Typ == parser.RIGHT_PAREN || word.Typ == parser.RIGHT_BRACKET:
			// One too many is the parser's to report.
			if len(open) > 1 {
				closed := current.depth() + 1
				open = open[:len(open)-1]
				outer := &open[len(open)-1]
				outer.below = max(outer.below, closed)
			}
		case word.Typ == parser.COMMA:
			*current = nesting{argument: current.depth()}
		case word.Typ.IsOperator():
			current.operators++
		}
		if len(open) > deepest+1 || open[len(open)-1].depth() > deepest {
			return parser.ParseErrors{{
				PositionRange: posrange.PositionRange{Start: word.Pos, End: word.Pos + 1},
				Err:           fmt.Errorf("nested too deeply: more than %d brackets and operators lie inside one another; record parts of it by rules of their own", deepest),
				Query:         text,
			}}
		}
	}
}

package main

import (
	"errors"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
)

// parsedExpr describes one expression: its error, or what it is.
type parsedExpr struct {
	Error     *syntaxError   `json:"error,omitempty"`
	Formatted string         `json:"formatted,omitempty"`
	Type      string         `json:"type,omitempty"`
	Selectors []selectorInfo `json:"selectors,omitempty"`
	Tree      *exprNode      `json:"tree,omitempty"`
}

type syntaxError struct {
	Message string `json:"message"`
	Line    int    `json:"line"`
	Column  int    `json:"column"`
}

type selectorInfo struct {
	Metric   string        `json:"metric,omitempty"`
	Matchers []matcherInfo `json:"matchers"`
}

type matcherInfo struct {
	Name  string `json:"name"`
	Op    string `json:"op"`
	Value string `json:"value"`
}

func describeExpr(text string) parsedExpr {
	expr, err := promQL.ParseExpr(text)
	if err != nil {
		fault := &syntaxError{Message: err.Error(), Line: 1, Column: 1}
		var syntax parser.ParseErrors
		if errors.As(err, &syntax) && len(syntax) > 0 {
			fault.Message = syntax[0].Err.Error()
			fault.Line, fault.Column = position(syntax[0])
		}
		return parsedExpr{Error: fault}
	}
	parsed := parsedExpr{Formatted: parser.Prettify(expr), Type: string(expr.Type()), Tree: describeTree(expr)}
	for _, s := range selectors(expr) {
		info := selectorInfo{Matchers: []matcherInfo{}}
		for _, m := range s.LabelMatchers {
			if m.Name == labels.MetricName && m.Type == labels.MatchEqual {
				info.Metric = m.Value
				continue
			}
			info.Matchers = append(info.Matchers, matcherInfo{m.Name, m.Type.String(), m.Value})
		}
		parsed.Selectors = append(parsed.Selectors, info)
	}
	return parsed
}

// checkRules parses rule files and gives every fault.
func checkRules(files []ruleFile) (faults []ruleError) {
	faults = []ruleError{}
	for _, file := range files {
		_, errs := parseRuleFile(file.YAML)
		faults = append(faults, placeErrors(file, errs)...)
	}
	return faults
}

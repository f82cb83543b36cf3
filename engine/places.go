package main

import (
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/prometheus/prometheus/model/rulefmt"
	"github.com/prometheus/prometheus/promql/parser"
	"go.yaml.in/yaml/v3"
)

var (
	// "12:5: …": a place that rulefmt writes before its message; two of them when two keys clash.
	leadingPlace = regexp.MustCompile(`^(\d+):(\d+): (?:\d+:\d+: )?`)
	// "yaml: line 12: …" and "  line 12: …": how the YAML decoder names a place.
	yamlLine = regexp.MustCompile(`^(?:yaml: )?\s*line (\d+): `)
	// A wrong duration is reported by its text alone.
	wrongDuration = regexp.MustCompile(`duration.* "(.*)"$`)
	// So is a group whose name is empty or stands there twice: rulefmt writes 0:0 for its place.
	wrongGroup = regexp.MustCompile(`(?i)^groupname(?:: "(.*)" is repeated| must not be empty)`)
)

// placeErrors turns what rulefmt reports into messages with a line and column of the file.
func placeErrors(file ruleFile, errs []error) (placed []ruleError) {
	for _, err := range errs {
		var semantic *rulefmt.Error
		if errors.As(err, &semantic) {
			placed = append(placed, placeSemantic(file, semantic))
			continue
		}
		// One decoding error may list several faults, one a line.
		text := strings.TrimPrefix(err.Error(), "yaml: unmarshal errors:\n")
		for _, line := range strings.Split(text, "\n") {
			placed = append(placed, placeLine(file, line))
		}
	}
	slices.SortStableFunc(placed, func(a, b ruleError) int { return a.Line - b.Line })
	return slices.Compact(placed) // rulefmt decodes twice
}

func placeLine(file ruleFile, text string) ruleError {
	fault := ruleError{File: file.Name}
	if at := leadingPlace.FindStringSubmatch(text); at != nil {
		fault.Line, _ = strconv.Atoi(at[1])
		fault.Column, _ = strconv.Atoi(at[2])
		text = text[len(at[0]):]
	} else if at := yamlLine.FindStringSubmatch(text); at != nil {
		fault.Line, _ = strconv.Atoi(at[1])
		text = text[len(at[0]):]
	}
	fault.Message = strings.TrimSpace(strings.TrimPrefix(text, "yaml: "))
	if fault.Line == 0 {
		if at := wrongDuration.FindStringSubmatch(fault.Message); at != nil {
			fault.Line, fault.Column = findScalar(file.YAML, at[1])
		} else if at := wrongGroup.FindStringSubmatch(fault.Message); at != nil {
			fault.Line = groupsOf(file.YAML).last(at[1])
		}
	}
	return fault
}

func placeSemantic(file ruleFile, semantic *rulefmt.Error) ruleError {
	fault := placeLine(file, semantic.Error())
	fault.Group, fault.Rule = semantic.Group, semantic.RuleName
	fault.Message = semantic.Err.Unwrap().Error()
	if fault.Line == 0 {
		places := groupsOf(file.YAML)
		fault.Line = places.rule(places.named(semantic.Group), semantic.Rule-1)
	}
	var syntax parser.ParseErrors
	if errors.As(semantic, &syntax) && len(syntax) > 0 {
		line, column := position(syntax[0])
		fault.Message = "could not parse expression: " + syntax[0].Err.Error()
		placeInScalar(&fault, file.YAML, line, column)
	}
	return fault
}

// position gives line and column (from 1) of a syntax error within its expression.
func position(err parser.ParseErr) (line, column int) {
	before := err.Query[:min(int(err.PositionRange.Start), len(err.Query))]
	return strings.Count(before, "\n") + 1, len(before) - strings.LastIndex(before, "\n")
}

// placeInScalar moves a fault from the start of a YAML scalar to a place inside it. Plain, quoted and literal (|)
// scalars keep their lines; for a folded one (>) the start is as near as one can say.
func placeInScalar(fault *ruleError, source string, line, column int) {
	lines := strings.Split(source, "\n")
	if fault.Line < 1 || fault.Line > len(lines) || fault.Column < 1 || fault.Column > len(lines[fault.Line-1]) {
		return
	}
	switch start := lines[fault.Line-1][fault.Column-1:]; {
	case strings.HasPrefix(start, "|"):
		if fault.Line+line > len(lines) {
			return
		}
		content := lines[fault.Line]
		fault.Line += line
		fault.Column = len(content) - len(strings.TrimLeft(content, " ")) + column
	case strings.HasPrefix(start, ">"):
	case strings.HasPrefix(start, `"`), strings.HasPrefix(start, `'`):
		fault.Column += column
	case line == 1:
		fault.Column += column - 1
	}
}

// groupPlaces says where the groups and rules of a file stand.
type groupPlaces []struct {
	name  string
	line  int
	rules []int
}

// groupsOf reads the places only; what is not as it should be is rulefmt's to report.
func groupsOf(source string) groupPlaces {
	var file struct {
		Groups []yaml.Node `yaml:"groups"`
	}
	_ = yaml.Unmarshal([]byte(source), &file)
	places := make(groupPlaces, len(file.Groups))
	for i, node := range file.Groups {
		var group struct {
			Name  string      `yaml:"name"`
			Rules []yaml.Node `yaml:"rules"`
		}
		_ = node.Decode(&group)
		places[i].name, places[i].line = group.Name, node.Line
		for _, rule := range group.Rules {
			places[i].rules = append(places[i].rules, rule.Line)
		}
	}
	return places
}

// rule gives the line of a rule, by the numbers of its group and of itself, or 0.
func (g groupPlaces) rule(group, rule int) int {
	if group < 0 || group >= len(g) || rule >= len(g[group].rules) {
		return 0
	}
	return g[group].rules[rule]
}

func (g groupPlaces) named(name string) int {
	for i := range g {
		if g[i].name == name {
			return i
		}
	}
	return -1
}

// last gives the line of the last group of this name, or 0.
func (g groupPlaces) last(name string) (line int) {
	for _, group := range g {
		if group.name == name {
			line = group.line
		}
	}
	return line
}

// findScalar gives the place of the first value with this text.
func findScalar(source, text string) (line, column int) {
	var document yaml.Node
	if yaml.Unmarshal([]byte(source), &document) != nil {
		return 0, 0
	}
	var find func(*yaml.Node) *yaml.Node
	find = func(node *yaml.Node) *yaml.Node {
		if node.Kind == yaml.ScalarNode && node.Value == text {
			return node
		}
		for _, child := range node.Content {
			if found := find(child); found != nil {
				return found
			}
		}
		return nil
	}
	if found := find(&document); found != nil {
		return found.Line, found.Column
	}
	return 0, 0
}

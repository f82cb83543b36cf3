package main

import "go.yaml.in/yaml/v3"

// testPlaces says on which lines of a test file its parts stand; 0 where that is not known.
type testPlaces struct {
	ruleFiles, order []int
	groups           []testGroupPlaces
}

type testGroupPlaces struct {
	line                  int
	series, alerts, exprs []int
}

// placesInTest reads the places only; what is not as it should be is readUnitTest's to report.
func placesInTest(source string) (places testPlaces) {
	var file struct {
		RuleFiles []yaml.Node `yaml:"rule_files"`
		Order     []yaml.Node `yaml:"group_eval_order"`
		Tests     []yaml.Node `yaml:"tests"`
	}
	_ = yaml.Unmarshal([]byte(source), &file)
	places.ruleFiles, places.order = linesOf(file.RuleFiles), linesOf(file.Order)
	for _, node := range file.Tests {
		var test struct {
			Series []yaml.Node `yaml:"input_series"`
			Alerts []yaml.Node `yaml:"alert_rule_test"`
			Exprs  []yaml.Node `yaml:"promql_expr_test"`
		}
		_ = node.Decode(&test)
		places.groups = append(places.groups, testGroupPlaces{node.Line, linesOf(test.Series), linesOf(test.Alerts), linesOf(test.Exprs)})
	}
	return places
}

func linesOf(nodes []yaml.Node) []int {
	lines := make([]int, len(nodes))
	for i := range nodes {
		lines[i] = nodes[i].Line
	}
	return lines
}

// lineAt is the line of an item, or 0.
func lineAt(lines []int, at int) int {
	if at < 0 || at >= len(lines) {
		return 0
	}
	return lines[at]
}

func (p testPlaces) group(at int) testGroupPlaces {
	if at >= len(p.groups) {
		return testGroupPlaces{}
	}
	return p.groups[at]
}

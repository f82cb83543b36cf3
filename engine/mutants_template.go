package main

import (
	"strings"
	"text/template/parse"
)

// emptiedText is a template in which one action gives nothing.
type emptiedText struct{ action, text string }

// actionsEmptied gives the template once for each action that prints something, without it.
func actionsEmptied(text string) (found []emptiedText) {
	if !strings.Contains(text, "{{") {
		return nil
	}
	for number := 0; ; number++ {
		root, skip := parseTemplate(text)
		if root == nil {
			return found
		}
		lists := &listVisitor{left: number}
		lists.visit(root)
		if lists.removed == nil {
			return found
		}
		var rest strings.Builder
		for _, node := range root.Nodes[skip:] {
			rest.WriteString(node.String())
		}
		found = append(found, emptiedText{lists.removed.String(), rest.String()})
	}
}

// parseTemplate parses a text as Prometheus would; the first `skip` nodes are not of the text: they define variables.
func parseTemplate(text string) (root *parse.ListNode, skip int) {
	for _, source := range []string{templateVariables, templateVariables + text} {
		tree := parse.New("")
		tree.Mode = parse.SkipFuncCheck
		if _, err := tree.Parse(source, "", "", map[string]*parse.Tree{}); err != nil {
			return nil, 0
		}
		if root == nil {
			skip = len(tree.Root.Nodes)
		}
		root = tree.Root
	}
	return root, skip
}

// listVisitor takes the action number `left` out of a template.
type listVisitor struct {
	left    int
	removed *parse.ActionNode
}

func (v *listVisitor) visit(list *parse.ListNode) {
	if list == nil {
		return
	}
	for i := 0; i < len(list.Nodes) && v.removed == nil; i++ {
		switch n := list.Nodes[i].(type) {
		case *parse.ActionNode:
			if len(n.Pipe.Decl) > 0 {
				continue // prints nothing
			}
			if v.left == 0 {
				v.removed = n
				list.Nodes = append(list.Nodes[:i], list.Nodes[i+1:]...)
			}
			v.left--
		case *parse.IfNode:
			v.branches(&n.BranchNode)
		case *parse.RangeNode:
			v.branches(&n.BranchNode)
		case *parse.WithNode:
			v.branches(&n.BranchNode)
		}
	}
}

func (v *listVisitor) branches(n *parse.BranchNode) {
	v.visit(n.List)
	v.visit(n.ElseList)
}

package main

import (
	"encoding/json"
	"errors"
	"syscall/js"
)

// runUnitTest takes a request and a JavaScript function that reads rule files: patterns in, files out, both as JSON.
func runUnitTest(args []js.Value) (any, error) {
	var request unitTestRequest
	if err := json.Unmarshal([]byte(args[0].String()), &request); err != nil {
		return nil, err
	}
	return unitTests.open(request, func(patterns []string) ([]foundRuleFile, error) {
		asked, err := json.Marshal(append([]string{}, patterns...))
		if err != nil {
			return nil, err
		}
		var reply struct {
			Files []foundRuleFile `json:"files"`
			Error string          `json:"error"`
		}
		if err := json.Unmarshal([]byte(args[1].Invoke(string(asked)).String()), &reply); err != nil {
			return nil, err
		}
		if reply.Error != "" {
			return nil, errors.New(reply.Error)
		}
		return reply.Files, nil
	}), nil
}

func tryUnitTest(args []js.Value) (any, error) {
	return unitTests.try(args[0].Int(), args[1].String())
}

func closeUnitTest(args []js.Value) (any, error) {
	delete(unitTests.byNumber, args[0].Int())
	return nil, nil
}

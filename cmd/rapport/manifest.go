package main

import (
	"context"
	"flag"
	"fmt"
	"strings"

	"rapport/deploy"
)

// manifest prints the Slack app's manifest, with optional features and the scopes that they need.
func manifest(_ context.Context, args []string, s streams) error {
	fs := flag.NewFlagSet("manifest", flag.ContinueOnError)
	with := fs.String("with", "", "optional features, separated by commas: "+strings.Join(featureNames(), ", "))
	if err := parseFlags(fs, args, s); err != nil {
		return err
	}
	text, err := deploy.Render(deploy.ParseFeatures(*with)...)
	if err != nil {
		fmt.Fprintf(s.err, "rapport manifest: %v\n", err)
		return errUsage
	}
	_, err = s.out.Write(text)
	return err
}

func featureNames() []string {
	names := make([]string, 0, len(deploy.Features()))
	for _, f := range deploy.Features() {
		names = append(names, string(f))
	}
	return names
}

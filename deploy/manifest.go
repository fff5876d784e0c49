// Package deploy exists so that what Slack is told about Rapport stands in one file, which people can read before they
// approve it, and from which the program, the local Slack and the documentation all take it: the app's manifest, with what each
// permission is for.
package deploy

import (
	"bytes"
	_ "embed" // for the manifest
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

//go:embed manifest.yaml
var manifest []byte

// Manifest returns the app's manifest with the minimal scopes, as YAML. The slice is the caller's.
func Manifest() []byte { return bytes.Clone(manifest) }

// Render returns the manifest, as YAML, with what the optional features need and with each scope's purpose beside it. A feature that is named twice
// counts once. It fails for a name that is no feature.
func Render(features ...Feature) ([]byte, error) {
	for _, f := range features {
		if !slices.Contains(Features(), f) {
			return nil, fmt.Errorf("render manifest: there is no feature %q; the features are %s", f, listFeatures())
		}
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(manifest, &doc); err != nil {
		return nil, fmt.Errorf("render manifest: %w", err)
	}
	scopes, err := sequence(&doc, "oauth_config", "scopes", "bot")
	if err != nil {
		return nil, err
	}
	events, err := sequence(&doc, "settings", "event_subscriptions", "bot_events")
	if err != nil {
		return nil, err
	}
	for _, f := range Features() {
		if !slices.Contains(features, f) {
			continue
		}
		for _, s := range Scopes() {
			if s.Feature == f {
				scopes.Content = append(scopes.Content, scalar(s.Name))
			}
		}
		for _, e := range f.events() {
			events.Content = append(events.Content, scalar(e))
		}
	}
	for _, node := range scopes.Content {
		if s, ok := scopeNamed(node.Value); ok {
			node.LineComment = s.Why
		}
	}
	var out bytes.Buffer
	encoder := yaml.NewEncoder(&out)
	encoder.SetIndent(2)
	if err := encoder.Encode(&doc); err != nil {
		return nil, fmt.Errorf("render manifest: %w", err)
	}
	if err := encoder.Close(); err != nil {
		return nil, fmt.Errorf("render manifest: %w", err)
	}
	return out.Bytes(), nil
}

// sequence finds the list at path below the document's root.
func sequence(doc *yaml.Node, path ...string) (*yaml.Node, error) {
	at := doc.Content[0]
	for _, name := range path {
		var next *yaml.Node
		for i := 0; i+1 < len(at.Content); i += 2 {
			if at.Content[i].Value == name {
				next = at.Content[i+1]
			}
		}
		if next == nil {
			return nil, fmt.Errorf("render manifest: %s is missing", strings.Join(path, "."))
		}
		at = next
	}
	return at, nil
}

func scalar(value string) *yaml.Node { return &yaml.Node{Kind: yaml.ScalarNode, Value: value} }

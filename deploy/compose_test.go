package deploy

import (
	"os"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

type composeFile struct {
	Services map[string]struct {
		Command     []string          `yaml:"command"`
		Environment map[string]string `yaml:"environment"`
		Ports       []string          `yaml:"ports"`
		Networks    []string          `yaml:"networks"`
		Volumes     []string          `yaml:"volumes"`
		ReadOnly    bool              `yaml:"read_only"`
		CapDrop     []string          `yaml:"cap_drop"`
		SecurityOpt []string          `yaml:"security_opt"`
		Grace       string            `yaml:"stop_grace_period"`
	} `yaml:"services"`
	Networks map[string]struct {
		Internal bool `yaml:"internal"`
	} `yaml:"networks"`
	Volumes map[string]any `yaml:"volumes"`
}

func readCompose(t *testing.T) composeFile {
	t.Helper()
	text, err := os.ReadFile("compose.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var c composeFile
	if err := yaml.Unmarshal(text, &c); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestComposeKeepsItsState(t *testing.T) {
	redis := readCompose(t).Services["redis"]
	command := strings.Join(redis.Command, " ")
	for _, want := range []string{"--appendonly yes", "--maxmemory-policy noeviction", "--requirepass"} {
		if !strings.Contains(command, want) {
			t.Errorf("redis runs without %q: %s", want, command)
		}
	}
	if !slices.ContainsFunc(redis.Volumes, func(v string) bool { return strings.HasSuffix(v, ":/data") }) {
		t.Errorf("redis keeps its data in no volume: %v", redis.Volumes)
	}
}

func TestComposeOpensNothing(t *testing.T) {
	c := readCompose(t)
	for name, service := range c.Services {
		for _, port := range service.Ports {
			if !strings.HasPrefix(port, "127.0.0.1:") {
				t.Errorf("%s publishes %s beyond this machine", name, port)
			}
		}
		if !slices.Contains(service.SecurityOpt, "no-new-privileges:true") {
			t.Errorf("%s may gain privileges", name)
		}
		for variable, value := range service.Environment {
			secret := strings.Contains(variable, "TOKEN") || strings.Contains(variable, "KEY") || strings.Contains(variable, "PASSWORD")
			if secret && !strings.HasPrefix(value, "${") {
				t.Errorf("%s has %s in the file itself", name, variable)
			}
		}
	}
	if redis := c.Services["redis"]; !slices.Equal(redis.Networks, []string{"store"}) || !c.Networks["store"].Internal {
		t.Error("redis can be reached, or can reach out, by another way than the bot")
	}
	if bot := c.Services["bot"]; !bot.ReadOnly || !slices.Equal(bot.CapDrop, []string{"ALL"}) {
		t.Error("the bot may write to its image, or has capabilities")
	}
}

func TestDockerfile(t *testing.T) {
	text, err := os.ReadFile("../Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"CGO_ENABLED=0", "-tags timetzdata", "FROM scratch", "USER 65532:65532", "ca-certificates.crt"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the image is built without %q", want)
		}
	}
	modules, err := os.ReadFile("../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(modules), "\ngo ")
	version, _, _ := strings.Cut(rest, "\n")
	major := strings.Join(strings.SplitN(version, ".", 3)[:2], ".")
	if !strings.Contains(string(text), "FROM golang:"+major+"-") {
		t.Errorf("the image is not built with Go %s, as go.mod asks", major)
	}
	// What the image copies is what there is: a new top-level folder of code has to be added.
	entries, err := os.ReadDir("..")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !e.IsDir() || strings.HasPrefix(e.Name(), ".") || e.Name() == "docs" || e.Name() == "bin" {
			continue
		}
		if !strings.Contains(string(text), "COPY "+e.Name()+" ./"+e.Name()+"\n") {
			t.Errorf("the image lacks the folder %s", e.Name())
		}
	}
}

package deploy

import (
	"maps"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"
)

type composeFile struct {
	Services map[string]composeService `yaml:"services"`
	Networks map[string]struct {
		Internal bool `yaml:"internal"`
	} `yaml:"networks"`
	Volumes map[string]any `yaml:"volumes"`
}

type composeService struct {
	Command     []string          `yaml:"command"`
	Environment map[string]string `yaml:"environment"`
	DependsOn   map[string]struct {
		Condition string `yaml:"condition"`
	} `yaml:"depends_on"`
	Deploy      map[string]any `yaml:"deploy"`
	Scale       int            `yaml:"scale"`
	Ports       []string       `yaml:"ports"`
	Networks    []string       `yaml:"networks"`
	Volumes     []string       `yaml:"volumes"`
	ReadOnly    bool           `yaml:"read_only"`
	CapDrop     []string       `yaml:"cap_drop"`
	SecurityOpt []string       `yaml:"security_opt"`
	Grace       time.Duration  `yaml:"stop_grace_period"`
	Healthcheck composeHealth  `yaml:"healthcheck"`
	Restart     string         `yaml:"restart"`
}

type composeHealth struct {
	Test        []string      `yaml:"test"`
	Interval    time.Duration `yaml:"interval"`
	Timeout     time.Duration `yaml:"timeout"`
	StartPeriod time.Duration `yaml:"start_period"`
	Retries     int           `yaml:"retries"`
}

// bots are the services that run the program.
func (c composeFile) bots() map[string]composeService {
	found := maps.Clone(c.Services)
	delete(found, "redis")
	return found
}

// composeFiles are the two ways of running it with Docker.
var composeFiles = []string{"compose.yaml", "compose.embedded.yaml"}

func readCompose(t *testing.T, name string) composeFile {
	t.Helper()
	text, err := os.ReadFile(name)
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
	redis := readCompose(t, "compose.yaml").Services["redis"]
	command := strings.Join(redis.Command, " ")
	for _, want := range []string{"--appendonly yes", "--appendfsync everysec", "--maxmemory-policy noeviction", "--requirepass"} {
		if !strings.Contains(command, want) {
			t.Errorf("redis runs without %q: %s", want, command)
		}
	}
	if !slices.ContainsFunc(redis.Volumes, func(v string) bool { return strings.HasSuffix(v, ":/data") }) {
		t.Errorf("redis keeps its data in no volume: %v", redis.Volumes)
	}
	if len(redis.Ports) != 0 {
		t.Errorf("redis is published: %v", redis.Ports)
	}
	embedded := readCompose(t, "compose.embedded.yaml")
	bot := embedded.Services["bot"]
	if folder := bot.Environment["RAPPORT_DATA_DIR"]; folder == "" || !slices.Contains(bot.Volumes, "state:"+folder) || bot.Environment["REDIS_URL"] != "" {
		t.Errorf("the bot keeps its folder %q in no volume: %v", folder, bot.Volumes)
	}
	if _, declared := embedded.Volumes["state"]; !declared || len(embedded.Services) != 1 {
		t.Error("the folder's volume has no name, or there is more than the one bot")
	}
}

// TestComposeRunsTwo: two bots that differ in nothing but their health port, so that one of them can always be stopped.
func TestComposeRunsTwo(t *testing.T) {
	bots := readCompose(t, "compose.yaml").bots()
	if len(bots) != 2 {
		t.Fatalf("%d bots", len(bots))
	}
	var ports []string
	var kinds []composeService
	for name, bot := range bots {
		if bot.DependsOn["redis"].Condition != "service_healthy" {
			t.Errorf("%s does not wait for redis: %v", name, bot.DependsOn)
		}
		if bot.Deploy != nil || bot.Scale != 0 {
			t.Errorf("%s has replicas, which would share a port", name)
		}
		ports = append(ports, bot.Ports...)
		bot.Ports = nil
		kinds = append(kinds, bot)
	}
	if !reflect.DeepEqual(kinds[0], kinds[1]) {
		t.Errorf("the bots differ:\n%+v\n%+v", kinds[0], kinds[1])
	}
	if slices.Sort(ports); len(ports) != 2 || ports[0] == ports[1] {
		t.Errorf("published are %v", ports)
	}
}

func TestComposeOpensNothing(t *testing.T) {
	for _, file := range composeFiles {
		c := readCompose(t, file)
		for name, service := range c.Services {
			checkComposeService(t, file+": "+name, service)
		}
		for name, bot := range c.bots() {
			if !bot.ReadOnly || !slices.Equal(bot.CapDrop, []string{"ALL"}) {
				t.Errorf("%s: %s may write to its image, or has capabilities", file, name)
			}
			// The bot takes up to 25 seconds.
			if bot.Grace < 30*time.Second || bot.Restart != "unless-stopped" {
				t.Errorf("%s: %s is killed after %v, and restarts %q", file, name, bot.Grace, bot.Restart)
			}
		}
	}
	c := readCompose(t, "compose.yaml")
	if redis := c.Services["redis"]; !slices.Equal(redis.Networks, []string{"store"}) || !c.Networks["store"].Internal {
		t.Error("redis can be reached, or can reach out, by another way than the bots")
	}
}

// TestComposeAsksWhetherBotsAreReady: with the program itself, for the image holds nothing else.
func TestComposeAsksWhetherBotsAreReady(t *testing.T) {
	for _, file := range composeFiles {
		for name, bot := range readCompose(t, file).bots() {
			h := bot.Healthcheck
			if !slices.Equal(h.Test, []string{"CMD", "/rapport", "health"}) {
				t.Errorf("%s: %s is asked by %v", file, name, h.Test)
			}
			// The program waits up to four seconds, and the first start reads the whole directory of people.
			if h.Interval <= 0 || h.Timeout <= 4*time.Second || h.StartPeriod < time.Minute || h.Retries < 2 {
				t.Errorf("%s: %s is asked at the wrong times: %+v", file, name, h)
			}
			if _, ok := bot.Environment["RAPPORT_KEY_OLD"]; !ok {
				t.Errorf("%s: the key of %s cannot be replaced", file, name)
			}
			if addr, ok := bot.Environment["HTTP_ADDR"]; ok {
				t.Errorf("%s: %s serves on %q, and the ports are those of the image", file, name, addr)
			}
		}
	}
}

// TestComposePassesSettingsOn: what README's table names can be set in .env, but for what belongs to the way of running it.
func TestComposePassesSettingsOn(t *testing.T) {
	text, err := os.ReadFile("../cmd/rapport/config.go")
	if err != nil {
		t.Fatal(err)
	}
	own := []string{"RAPPORT_DATA_DIR", "RAPPORT_KEY_PATH"}
	for _, file := range composeFiles {
		for name, bot := range readCompose(t, file).bots() {
			for _, found := range regexp.MustCompile(`envconfig:"(RAPPORT_[A-Z_]+|LOG_LEVEL)"`).FindAllStringSubmatch(string(text), -1) {
				variable := found[1]
				if slices.Contains(own, variable) || variable == "RAPPORT_DISPATCH" && bot.Environment["RAPPORT_DATA_DIR"] != "" {
					continue
				}
				if !strings.HasPrefix(bot.Environment[variable], "${"+variable+":") {
					t.Errorf("%s: %s does not pass %s on: %q", file, name, variable, bot.Environment[variable])
				}
			}
			if !slices.Contains(bot.Volumes, "${RAPPORT_HOLIDAY_FILES:-/dev/null}:/holidays:ro") || bot.Environment["RAPPORT_HOLIDAY_FILES"] != "${RAPPORT_HOLIDAY_FILES:+/holidays}" {
				t.Errorf("%s: %s does not see the folder of holidays: %v", file, name, bot.Volumes)
			}
		}
	}
}

func checkComposeService(t *testing.T, name string, service composeService) {
	t.Helper()
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

func TestDockerfile(t *testing.T) {
	text, err := os.ReadFile("../Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"CGO_ENABLED=0", "-tags timetzdata", "FROM scratch", "USER 65532:65532", "ca-certificates.crt", "--chown=65532:65532 /empty/ /\n", "VOLUME /data\n", "ENV HTTP_ADDR=:8080\n", `CMD ["/rapport", "health"]`} {
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

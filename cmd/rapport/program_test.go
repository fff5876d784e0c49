package main

import (
	"bufio"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"rapport/bot/slackfake"
	"rapport/deploy"
)

// asProgram makes this test's own binary behave like the program: what it is called with is what rapport is called with.
const asProgram = "RAPPORT_TEST_AS_PROGRAM"

func init() {
	if os.Getenv(asProgram) != "" {
		main()
	}
}

// program is a `rapport run` in a process of its own.
type program struct {
	cmd   *exec.Cmd
	addr  chan string // where it serves /readyz
	ended chan struct{}
	said  *pages
}

// startProgram starts `rapport run` in a local Slack and on a Redis, and returns once it is ready.
func startProgram(t *testing.T, slack *slackfake.Server, redis string, env ...string) *program {
	t.Helper()
	p := launch(t, slack, redis, env...)
	p.ready(t)
	return p
}

// launch starts `rapport run` and does not wait for it.
func launch(t *testing.T, slack *slackfake.Server, redis string, env ...string) *program {
	t.Helper()
	p := &program{cmd: exec.Command(os.Args[0], "run"), addr: make(chan string, 1), ended: make(chan struct{}), said: &pages{}}
	p.cmd.Env = append([]string{
		asProgram + "=1", "SLACK_BOT_TOKEN=" + slack.BotToken(), "SLACK_APP_TOKEN=" + slack.AppToken(), "SLACK_API_URL=" + slack.APIURL(), "REDIS_URL=" + redis,
		"RAPPORT_KEY=" + strings.Repeat("0", 64), "HTTP_ADDR=127.0.0.1:0", "RAPPORT_KUDOS_A_DAY=1000", "PATH=" + os.Getenv("PATH"),
	}, env...)
	p.cmd.Dir = t.TempDir()
	log, err := p.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go p.listen(log)
	t.Cleanup(func() {
		_ = p.cmd.Process.Kill() // it may have ended
		<-p.ended
		if t.Failed() {
			t.Logf("process %d said:\n%s", p.cmd.Process.Pid, p.said)
		}
	})
	return p
}

// listen reads the log to its end.
func (p *program) listen(log io.Reader) {
	lines := bufio.NewScanner(log)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		_, _ = p.said.Write(append(lines.Bytes(), '\n'))
		var line struct{ Addr string }
		if json.Unmarshal(lines.Bytes(), &line) == nil && line.Addr != "" {
			select {
			case p.addr <- line.Addr:
			default:
			}
		}
	}
	_ = p.cmd.Wait() // the state says how it ended
	close(p.ended)
}

// serves waits until the process serves /readyz, and returns where.
func (p *program) serves(t *testing.T) string {
	t.Helper()
	select {
	case addr := <-p.addr:
		return addr
	case <-p.ended:
		t.Fatalf("it ended at once: %s", p.said)
	case <-time.After(patienceOfTests):
		t.Fatalf("it serves nothing: %s", p.said)
	}
	return ""
}

// ready waits until the process says that it is, and has both of its connections.
func (p *program) ready(t *testing.T) {
	t.Helper()
	addr := p.serves(t)
	patience := time.After(patienceOfTests)
	look := time.NewTicker(50 * time.Millisecond)
	defer look.Stop()
	for {
		if text := fetch(t, "http://"+addr+"/metrics"); strings.Contains(text, "rapport_slack_connections 2") {
			return
		}
		select {
		case <-look.C:
		case <-patience:
			t.Fatalf("it does not get ready: %s", p.said)
		}
	}
}

func fetch(t *testing.T, url string) string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return ""
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return ""
	}
	return string(text)
}

// stop tells the process to end, as a container platform does, and returns how long that took. It has to end well.
func (p *program) stop(t *testing.T) time.Duration {
	t.Helper()
	took := p.end(t)
	if state := p.cmd.ProcessState; !state.Success() {
		t.Errorf("it ended with %v: %s", state, p.said)
	}
	return took
}

// end tells the process to end, and returns how long that took.
func (p *program) end(t *testing.T) time.Duration {
	t.Helper()
	begun := time.Now()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	select {
	case <-p.ended:
	case <-time.After(shutdownTime + 5*time.Second):
		t.Fatalf("it has not ended after %v: %s", time.Since(begun), p.said)
	}
	return time.Since(begun)
}

// realSlack is a local Slack in real time, with channels that the app is in besides those of the sample.
func realSlack(t *testing.T, channels ...string) (*slackfake.Server, remote) {
	t.Helper()
	clock := slackfake.NewClock(time.Now())
	slack, err := slackfake.Start(slackfake.Config{
		Addr: "127.0.0.1:0", Manifest: deploy.Manifest(), Clock: clock, Sample: slackfake.Sample{People: 40, Seed: 1},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := slack.Close(); err != nil {
			t.Error(err)
		}
	})
	slack.Play(1)
	r := remote{t: t, url: slack.ControlURL()}
	var people []string
	for _, p := range r.state().People {
		people = append(people, p.ID)
	}
	var list []map[string]any
	for _, name := range channels {
		list = append(list, map[string]any{"name": name, "members": people})
	}
	r.post("/people", map[string]any{"channels": list})
	return slack, r
}

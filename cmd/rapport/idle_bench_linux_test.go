package main

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"rapport/bot/slackfake"
	"rapport/deploy"
	"rapport/storage/redistest"
)

// A process counts as idle when it used less than so much of a processor for so long.
const (
	idleFor   = 10 // seconds
	idleTicks = 20 // hundredths of a second in that time
)

// BenchmarkIdle builds the binary as `make build` does and runs it in a local Slack. It reports the binary's size, and the memory that the process holds once it
// is ready and has nothing to do: all of it, what of that is its own and not the binary's pages, and the most that it ever held.
func BenchmarkIdle(b *testing.B) {
	binary := filepath.Join(b.TempDir(), "rapport")
	build := exec.CommandContext(b.Context(), "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", binary, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		b.Fatalf("build binary: %v: %s", err, out)
	}
	file, err := os.Stat(binary)
	if err != nil {
		b.Fatal(err)
	}
	for _, at := range []struct {
		name   string
		people int
		redis  bool
	}{{"redis", 40, true}, {"folder", 40, false}, {"redis-2000-people", 2000, true}, {"folder-2000-people", 2000, false}} {
		b.Run(at.name, func(b *testing.B) {
			for range b.N {
				idle := runIdle(b, binary, at.people, at.redis)
				b.ReportMetric(float64(idle["VmRSS"])/1024, "MB-resident")
				b.ReportMetric(float64(idle["RssAnon"])/1024, "MB-own")
				b.ReportMetric(float64(idle["VmHWM"])/1024, "MB-peak")
			}
			b.ReportMetric(float64(file.Size())/(1<<20), "MB-binary")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// runIdle runs the binary until it is ready and idle, and returns its memory in KiB by the names in /proc/<pid>/status.
func runIdle(b *testing.B, binary string, people int, redis bool) map[string]int {
	b.Helper()
	clock := slackfake.NewClock(time.Now())
	slack, err := slackfake.Start(slackfake.Config{
		Addr: "127.0.0.1:0", Manifest: deploy.Manifest(), Clock: clock, Sample: slackfake.Sample{People: people, Seed: 1},
	})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := slack.Close(); err != nil {
			b.Error(err)
		}
	})
	slack.Play(1)
	cmd := exec.Command(binary, "run")
	cmd.Dir = b.TempDir()
	cmd.Env = []string{
		"SLACK_BOT_TOKEN=" + slack.BotToken(), "SLACK_APP_TOKEN=" + slack.AppToken(), "SLACK_API_URL=" + slack.APIURL(),
		"RAPPORT_KEY=" + strings.Repeat("0", 64), "HTTP_ADDR=127.0.0.1:0", "PATH=" + os.Getenv("PATH"),
	}
	if redis {
		cmd.Env = append(cmd.Env, "REDIS_URL="+redistest.Start(b, redistest.Options{AOF: true}).URL())
	}
	log, err := cmd.StderrPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	addr, read := make(chan string, 1), make(chan struct{})
	go func() {
		defer close(read)
		findAddr(log, addr)
	}()
	defer func() {
		_ = cmd.Process.Signal(syscall.SIGTERM) // it may have ended, which Wait says
		<-read
		if err := cmd.Wait(); err != nil {
			b.Error(err)
		}
	}()
	ctx, cancel := context.WithTimeout(b.Context(), 3*time.Minute)
	defer cancel()
	select {
	case a := <-addr:
		awaitIdle(ctx, b, cmd.Process.Pid, "http://"+a+"/readyz")
	case <-read:
		b.Fatal("it ended at once")
	case <-ctx.Done():
		b.Fatal("it serves nothing")
	}
	return memoryOf(b, cmd.Process.Pid)
}

// findAddr reads a log to its end, and says where the process serves what is for machines.
func findAddr(log io.Reader, addr chan<- string) {
	lines := bufio.NewScanner(log)
	for lines.Scan() {
		var line struct{ Addr string }
		if json.Unmarshal(lines.Bytes(), &line) == nil && line.Addr != "" {
			addr <- line.Addr
			break
		}
	}
	_, _ = io.Copy(io.Discard, log) // a pipe that nobody reads would stop the process
}

// awaitIdle returns once the process is ready and has had nothing to do for a while.
func awaitIdle(ctx context.Context, b *testing.B, pid int, readyz string) {
	b.Helper()
	second := time.NewTicker(time.Second)
	defer second.Stop()
	var used []int
	for {
		select {
		case <-second.C:
		case <-ctx.Done():
			b.Fatal("it does not get ready, or not idle")
		}
		if !answersOK(ctx, b, readyz) {
			used = nil
			continue
		}
		used = append(used, ticksOf(b, pid))
		if n := len(used); n > idleFor && used[n-1]-used[n-1-idleFor] < idleTicks {
			return
		}
	}
}

func answersOK(ctx context.Context, b *testing.B, url string) bool {
	b.Helper()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		b.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return false
	}
	_ = response.Body.Close()
	return response.StatusCode == http.StatusOK
}

// ticksOf is the processor time that a process has used, in hundredths of a second (proc(5)).
func ticksOf(b *testing.B, pid int) int {
	b.Helper()
	raw, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	if err != nil {
		b.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(raw), ") ")
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		b.Fatalf("cannot read %q", raw)
	}
	user, errUser := strconv.Atoi(fields[11])
	system, errSystem := strconv.Atoi(fields[12])
	if errUser != nil || errSystem != nil {
		b.Fatalf("cannot read %q", raw)
	}
	return user + system
}

// memoryOf reads the sizes in /proc/<pid>/status, in KiB.
func memoryOf(b *testing.B, pid int) map[string]int {
	b.Helper()
	raw, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "status"))
	if err != nil {
		b.Fatal(err)
	}
	sizes := map[string]int{}
	for line := range strings.Lines(string(raw)) {
		name, rest, _ := strings.Cut(line, ":")
		if size, ok := strings.CutSuffix(strings.TrimSpace(rest), " kB"); ok {
			if sizes[name], err = strconv.Atoi(size); err != nil {
				b.Fatal(err)
			}
		}
	}
	return sizes
}

package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

const (
	// httpAddrDefault is where the bot serves what is for machines if HTTP_ADDR does not say it.
	httpAddrDefault = "127.0.0.1:8080"
	// healthTime bounds the question: what /readyz asks the store, and some room.
	healthTime = readyTime + 2*time.Second
	// healthBytes bounds the answer: a line.
	healthBytes = 1 << 10
)

// health asks the bot on this machine whether it is ready, for health checks in an image that holds nothing but this program.
func health(ctx context.Context, args []string, s streams) error {
	flags := flag.NewFlagSet("health", flag.ContinueOnError)
	addr := flags.String("addr", "", "where the bot serves /readyz, `host:port`; what HTTP_ADDR says if empty")
	if err := parseFlags(flags, args, s); err != nil {
		return err
	}
	configured, set := s.env("HTTP_ADDR")
	if !set {
		configured = httpAddrDefault
	}
	host, err := healthAddr(cmp.Or(*addr, configured))
	if err != nil {
		return err
	}
	said, err := askReady(ctx, host)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(s.out, said)
	return err
}

// healthAddr is where one asks who listens on an address: what listens everywhere can be asked on the machine's own.
func healthAddr(listen string) (string, error) {
	if listen == "" {
		return "", errors.New("HTTP_ADDR is empty, so the bot serves nothing: say --addr")
	}
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return "", fmt.Errorf("read address %q: it is not host:port", listen)
	}
	if port == "" || port == "0" {
		return "", fmt.Errorf("read address %q: the bot takes any free port, and its log says which: say --addr", listen)
	}
	switch ip := net.ParseIP(host); {
	case host == "" || ip != nil && ip.IsUnspecified() && ip.To4() != nil:
		host = "127.0.0.1"
	case ip != nil && ip.IsUnspecified():
		host = "::1"
	}
	return net.JoinHostPort(host, port), nil
}

// askReady returns what a bot that is ready says. The error of one that is not holds its reason. Proxies are not asked: they would look for their own machine's bot.
func askReady(ctx context.Context, addr string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, healthTime)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+addr+"/readyz", nil)
	if err != nil {
		return "", fmt.Errorf("ask %q: %w", addr, err)
	}
	direct := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := direct.Do(request)
	if err != nil {
		return "", fmt.Errorf("no bot answers: %w", err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(response.Body, healthBytes))
	if err != nil {
		return "", fmt.Errorf("read answer of %q: %w", addr, err)
	}
	said, _, _ := strings.Cut(strings.TrimSpace(string(body)), "\n")
	switch response.StatusCode {
	case http.StatusOK:
		return said, nil
	case http.StatusServiceUnavailable:
		return "", fmt.Errorf("not ready: %s", said)
	}
	return "", fmt.Errorf("ask %q: it answers %s, which is no bot's answer", addr, response.Status)
}

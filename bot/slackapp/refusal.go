package slackapp

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/slack-go/slack"
)

// Refusal is an answer of Slack's that is not "ok": a definite one, unlike a timeout.
type Refusal struct {
	Method   string        // "chat.postMessage"
	Code     string        // "channel_not_found"; "ratelimited" for HTTP 429; "http_502" for other statuses
	Needed   string        // scope, for missing_scope
	Details  []string      // what is wrong where, for invalid_blocks and the like
	Retry    time.Duration // for ratelimited: how long to wait
	HTTPCode int           // for other statuses than 200; 0 if Slack answered as it should
}

// Error implements error. It holds codes and paths, no text of messages.
func (r *Refusal) Error() string {
	text := fmt.Sprintf("call %s: %s", r.Method, r.Code)
	if r.Needed != "" {
		text += " (needs " + r.Needed + ")"
	}
	if len(r.Details) > 0 {
		text += " (" + strings.Join(r.Details, "; ") + ")"
	}
	return text
}

// RefusalCode returns Slack's code for why it refused, or "" if err is no refusal.
func RefusalCode(err error) string {
	if refusal, ok := errors.AsType[*Refusal](err); ok {
		return refusal.Code
	}
	return ""
}

const codeRateLimited = "ratelimited"

// callError names the method in an error of the client library and turns refusals into ours.
func callError(method string, err error) error {
	if err == nil {
		return nil
	}
	if limited, ok := errors.AsType[*slack.RateLimitedError](err); ok {
		return &Refusal{Method: method, Code: codeRateLimited, Retry: limited.RetryAfter, HTTPCode: 429}
	}
	if status, ok := errors.AsType[slack.StatusCodeError](err); ok {
		return &Refusal{Method: method, Code: fmt.Sprintf("http_%d", status.Code), HTTPCode: status.Code}
	}
	if refused, ok := errors.AsType[slack.SlackErrorResponse](err); ok {
		return &Refusal{Method: method, Code: refused.Err, Needed: refused.Needed, Details: refused.ResponseMetadata.Messages}
	}
	if address, ok := errors.AsType[*url.Error](err); ok {
		err = address.Err // the address may be a response URL, which is a secret
	}
	return fmt.Errorf("call %s: %w", method, err)
}

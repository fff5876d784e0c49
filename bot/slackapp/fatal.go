package slackapp

import (
	"errors"
	"fmt"
	"strings"
)

// TokenError is an answer of Slack's after which trying again makes no sense: somebody has to change the configuration.
type TokenError struct {
	Cause *Refusal
	Cure  string // what to do, as a sentence
}

// Error implements error.
func (e *TokenError) Error() string { return fmt.Sprintf("%v: %s", e.Cause, e.Cure) }

// Unwrap returns the refusal.
func (e *TokenError) Unwrap() error { return e.Cause }

// tokenCure says what to do about a refusal that concerns the token itself; "" for every other refusal. It speaks of connecting: where a message is
// refused, some of these codes concern its conversation alone, see [judge].
func tokenCure(code string) string {
	switch code {
	case "invalid_auth", "not_authed":
		return "Slack does not know this token; copy it again from the app's settings"
	case "token_revoked", "account_inactive":
		return "the app was uninstalled or its token revoked; install it again and take the new token"
	case "token_expired":
		return "token rotation is on, which is not supported; switch it off in the app's settings and install again"
	case "not_allowed_token_type":
		return "this is a token of the wrong kind; the bot token starts with xoxb-, the app token with xapp-"
	case "missing_scope":
		return "the app lacks a scope; compare its manifest with `rapport manifest` and install it again"
	case "no_permission", "access_denied", "team_access_not_granted", "org_login_required", "ekm_access_denied", "accesslimited":
		return "the workspace does not let the app in; ask its administrator"
	}
	return ""
}

// explain turns a refusal of the token into a [TokenError] and leaves every other error as it is.
func explain(err error) error {
	refusal, ok := errors.AsType[*Refusal](err)
	if !ok {
		return err
	}
	if cure := tokenCure(refusal.Code); cure != "" {
		return &TokenError{Cause: refusal, Cure: cure}
	}
	return err
}

// splitScopes splits a list such as "chat:write,commands".
func splitScopes(line string) []string {
	var scopes []string
	for s := range strings.SplitSeq(line, ",") {
		if s = strings.TrimSpace(s); s != "" {
			scopes = append(scopes, s)
		}
	}
	return scopes
}

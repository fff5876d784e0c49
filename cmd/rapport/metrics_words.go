package main

import (
	"slices"
	"strings"

	"rapport/bot"
	"rapport/scheduler"
)

// other stands for every label's value that is on no list: the number of series must not depend on what somebody answers.
const other = "other"

var (
	knownKinds     = namesOf(scheduler.Kinds())
	knownStates    = namesOf([]bot.State{bot.StatePending, bot.StateUnknown, bot.StateSent, bot.StateDropped, bot.StateExpired, bot.StateDead})
	knownEnvelopes = []string{"slash_commands", "interactive", "events_api"}

	// knownMethods are those that Rapport calls.
	knownMethods = []string{
		"apps.connections.open", "auth.test", "chat.delete", "chat.getPermalink", "chat.postEphemeral", "chat.postMessage", "chat.update",
		"conversations.history", "conversations.info", "conversations.members", "conversations.open", "conversations.replies", "files.completeUploadExternal",
		"files.getUploadURLExternal", "response_url", "team.profile.get", "usergroups.list", "usergroups.users.list", "users.conversations", "users.info", "users.list", "users.profile.get",
		"views.open", "views.publish", "views.push", "views.update",
	}

	// knownRefusals are Slack's words for why not that are met in practice, and those that a call may end with by itself.
	knownRefusals = []string{
		"accesslimited", "account_inactive", "cannot_dm_bot", "cant_update_message", "channel_not_found", "edit_window_closed", "exchanged", "expired_trigger_id",
		"fatal_error", "hash_conflict", "http_400", "http_404", "http_500", "http_502", "http_503", "http_504", "internal_error", "invalid_auth", "invalid_blocks",
		"is_archived", "message_limit_exceeded", "message_not_found", "missing_scope", "msg_too_long", "no_answer", "no_permission",
		"not_allowed_token_type", "not_authed", "not_found", "not_in_channel", "ratelimited", "request_timeout", "restricted_action", "service_unavailable",
		"team_access_not_granted", "team_added_to_org", "thread_not_found", "token_expired", "token_revoked", "update_failed", "user_disabled", "user_not_found",
		"user_not_in_channel", "view_too_large",
	}

	// knownReasons are what deciding, dispatch, the sender and operators give, beside Slack's words.
	knownReasons = []string{
		string(bot.ReasonQuietHours), string(bot.ReasonPaused), string(bot.ReasonMuted), string(bot.ReasonUndone), string(bot.ReasonNothing),
		string(bot.ReasonUnreachable), string(bot.ReasonWaits), string(bot.ReasonMerged), string(bot.ReasonBundled),
		"compose_error", "history_unreadable", "late", "no_connection", "no_parent", "no_replica", "no_view", "not_in_history", "plan_error", "postponed", "store",
		"strange_state", "unsure", "unsure_parent",
	}
)

func namesOf[T ~string](list []T) []string {
	names := make([]string, len(list))
	for i, v := range list {
		names[i] = string(v)
	}
	return names
}

// known is the word if it is on the list.
func known(list []string, word string) string {
	if slices.Contains(list, word) {
		return word
	}
	return other
}

// reasonWord is the label for why a message came to its state; "none" needs no reason.
func reasonWord(reason string) string {
	if reason == "" {
		return "none"
	}
	if slices.Contains(knownReasons, reason) {
		return reason
	}
	return refusalWord(reason)
}

// resultWord is the label for what Slack said of a call.
func resultWord(code string) string {
	if code == "" {
		return "ok"
	}
	return refusalWord(code)
}

func refusalWord(code string) string {
	if strings.HasPrefix(code, "http_") && !slices.Contains(knownRefusals, code) {
		return "http_other"
	}
	return known(knownRefusals, code)
}

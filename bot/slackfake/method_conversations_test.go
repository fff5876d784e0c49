package slackfake

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestOpen(t *testing.T) {
	together := func(o *office) {
		o.mu.Lock()
		defer o.mu.Unlock()
		o.join(o.world.channels["CGEN"], "UEXT")
	}
	rows := []row{
		{"one", in{"users": "UANA"}, "", map[string]any{"channel.id": "D000000001", "already_open": nil}},
		{"one in full", in{"users": "UANA", "return_im": "true"}, "", map[string]any{"channel.is_im": true, "channel.user": "UANA"}},
		{"a guest", in{"users": "UGUEST"}, "", nil},
		{"several", in{"users": "UANA,UBEN"}, "", map[string]any{"channel.is_mpim": true, "channel.num_members": 3.0}},
		{"nobody", in{}, "users_list_not_supplied", nil},
		{"somebody unknown", in{"users": "UNONE"}, "user_not_found", nil},
		{"somebody who left", in{"users": "UANA,UGONE"}, "user_disabled", nil},
		{"a bot", in{"users": "UBOT"}, "cannot_dm_bot", nil},
		{"a stranger", in{"users": "UEXT"}, "user_not_visible", nil},
		{"nine", in{"users": "U1,U2,U3,U4,U5,U6,U7,U8,U9"}, "too_many_users", nil},
		{"a channel", in{"channel": "CGEN"}, "method_not_supported_for_channel_type", nil},
		{"no such DM", in{"channel": "DNONE"}, "channel_not_found", nil},
		{"only if there is one", in{"users": "UANA", "prevent_creation": "true"}, "channel_not_found", nil},
	}
	table(t, "conversations.open", rows)
	table(t, "conversations.open", []row{
		{"a stranger one meets", in{"users": "UEXT"}, "", nil},
		{"with a stranger in one channel", in{"users": "UEXT,UANA"}, "", nil},
		{"with a stranger in none", in{"users": "UEXT,UGUEST"}, "invalid_user_combination", nil},
	}, together)
}

func TestOpenEight(t *testing.T) {
	o := openOffice(t)
	o.mu.Lock()
	var ids []string
	for i := range 8 {
		ids = append(ids, o.addUser(&User{Name: fmt.Sprintf("p%d", i)}).ID)
	}
	o.mu.Unlock()
	o.must("conversations.open", in{"users": strings.Join(ids, ",")})
}

func TestSamePeopleSameConversation(t *testing.T) {
	o := openOffice(t)
	first := o.must("conversations.open", in{"users": "UANA,UBEN"})
	again := o.must("conversations.open", in{"users": "UBEN,UANA,UBEN"})
	if dig(first, "channel.id") != dig(again, "channel.id") || again["already_open"] != true {
		t.Errorf("first %v, again %v", first, again)
	}
	other := o.must("conversations.open", in{"users": "UANA,UCY"})
	if dig(first, "channel.id") == dig(other, "channel.id") {
		t.Error("other people, same conversation")
	}
	byID := o.must("conversations.open", in{"channel": dig(first, "channel.id")})
	if dig(byID, "channel.id") != dig(first, "channel.id") {
		t.Errorf("by id %v", byID)
	}
}

func TestInfo(t *testing.T) {
	table(t, "conversations.info", []row{
		{"inside", in{"channel": "CGEN"}, "", map[string]any{"channel.name": "general", "channel.is_member": true, "channel.is_private": false, "channel.is_general": true}},
		{"outside", in{"channel": "CRAND", "include_num_members": "true"}, "", map[string]any{"channel.is_member": false, "channel.num_members": 1.0}},
		{"private", in{"channel": "CCIRC"}, "", map[string]any{"channel.is_private": true, "channel.is_group": true}},
		{"archived", in{"channel": "CATTIC"}, "", map[string]any{"channel.is_archived": true}},
		{"closed", in{"channel": "CCLOSED"}, "channel_not_found", nil},
		{"unknown", in{"channel": "CNONE"}, "channel_not_found", nil},
		{"by name", in{"channel": "general"}, "channel_not_found", nil},
	})
}

func TestListChannels(t *testing.T) {
	table(t, "conversations.list", []row{
		{"public", in{}, "", map[string]any{"channels.0.id": "CGEN", "channels.1.id": "CRAND", "channels.2.id": "CATTIC", "channels.3": nil, "response_metadata.next_cursor": ""}},
		{"without archived", in{"exclude_archived": "true"}, "", map[string]any{"channels.1.id": "CRAND", "channels.2": nil}},
		{"private", in{"types": "private_channel"}, "", map[string]any{"channels.0.id": "CCIRC", "channels.1": nil}},
		{"unknown type", in{"types": "secret"}, "invalid_types", nil},
		{"bad cursor", in{"cursor": "x"}, "invalid_cursor", nil},
		{"bad limit", in{"limit": "-1"}, "invalid_limit", nil},
	})
}

// ids goes through all pages of a list and returns one field of each item.
func (o *office) ids(method, list, field string, args in) (all []string, pages int) {
	o.t.Helper()
	for {
		out := o.must(method, args)
		pages++
		items, _ := out[list].([]any)
		for _, item := range items {
			if field != "" {
				item = dig(item, field)
			}
			all = append(all, fmt.Sprint(item))
		}
		next, _ := dig(out, "response_metadata.next_cursor").(string)
		if next == "" {
			return all, pages
		}
		args["cursor"] = next
	}
}

func TestCursors(t *testing.T) {
	o := openOffice(t)
	o.must("conversations.open", in{"users": "UANA"})
	o.must("conversations.open", in{"users": "UANA,UBEN"})
	for _, c := range []struct {
		method, list, field string
		args                in
		want                []string
		pages               int
	}{
		{"conversations.list", "channels", "id", in{"limit": "2", "types": "public_channel,private_channel,im,mpim"}, words("CGEN CRAND CCIRC CATTIC D000000001 G000000001"), 3},
		{"users.conversations", "channels", "id", in{"limit": "1", "user": "UANA"}, words("CGEN CRAND"), 2},
		{"users.conversations", "channels", "id", in{"limit": "1", "types": "public_channel,private_channel,im,mpim"}, words("CGEN CCIRC CATTIC D000000001 G000000001"), 5},
		{"users.conversations", "channels", "id", in{"user": "UBEN", "types": "private_channel"}, nil, 1},
		{"conversations.members", "members", "", in{"channel": "CGEN", "limit": "3"}, []string{"UANA", "UBEN", "UCY", o.app.botUser}, 2},
		{"users.list", "members", "id", in{"limit": "3"}, []string{"UANA", "UBEN", "UCY", o.app.botUser, "UGUEST", "UEXT", "UGONE", "UBOT"}, 3},
	} {
		t.Run(c.method, func(t *testing.T) {
			got, pages := o.ids(c.method, c.list, c.field, c.args)
			if !slices.Equal(got, c.want) || pages != c.pages {
				t.Errorf("%v in %d pages, want %v in %d", got, pages, c.want, c.pages)
			}
		})
	}
	for _, r := range []row{
		{args: in{"channel": "CCLOSED"}, error: "channel_not_found"},
		{args: in{"channel": "CGEN", "cursor": "nope"}, error: "invalid_cursor"},
	} {
		r.check(t, o.form("conversations.members", r.args))
	}
	row{error: "user_not_found"}.check(t, o.form("users.conversations", in{"user": "UNONE"}))
}

func TestJoinConversation(t *testing.T) {
	table(t, "conversations.join", []row{
		{"public", in{"channel": "CRAND"}, "", map[string]any{"channel.is_member": true, "warning": nil}},
		{"already", in{"channel": "CGEN"}, "", map[string]any{"warning": "already_in_channel", "response_metadata.warnings.0": "already_in_channel"}},
		{"private", in{"channel": "CCIRC"}, "method_not_supported_for_channel_type", nil},
		{"closed", in{"channel": "CCLOSED"}, "channel_not_found", nil},
		{"archived", in{"channel": "CATTIC"}, "is_archived", nil},
	})
}

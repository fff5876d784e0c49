package storage

import (
	"fmt"
	"strconv"
	"strings"

	"rapport/bot"
)

// Names of keys that rounds are planned under.

// draft is a hash like [keys.round]: a round that was planned and is not the one that counts. name is what [draftName] makes.
func (k keys) draft(name string) string { return k.prefix + "draft:" + name }

// drafts is a sorted set: names of drafts by the instant at which something was last written to them.
func (k keys) drafts() string { return k.prefix + "drafts" }

// draftName names a draft of a round after its content.
func draftName(program string, number int, hash string) string {
	return program + ":" + strconv.Itoa(number) + ":" + hash
}

// roundOf is the key of a round by its id; [bot.ErrNotFound] for what is no id.
func (k keys) roundOf(id string) (string, error) {
	program, name, _ := strings.Cut(id, "/")
	number, err := strconv.Atoi(name)
	if err != nil {
		return "", fmt.Errorf("find round %q: %w", id, bot.ErrNotFound)
	}
	return k.round(program, number), nil
}

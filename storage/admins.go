package storage

import (
	"context"
	"time"

	"rapport/bot"
)

// SaveAdmins implements [bot.AdminStore]: the record and the entry of the audit log that says who changed it are written in one step.
func (s *Store) SaveAdmins(ctx context.Context, token bot.Token, w bot.Workspace, actor string, change bot.AdminChange) error {
	c := s.change()
	c.once(token)
	was := w.Version
	w.Version++
	if err := c.put(s.keys.meta(), workspaceField, was, w); err != nil {
		return err
	}
	of := make([]string, 0, len(change.Added)+len(change.Removed))
	for _, id := range change.Added {
		of = append(of, "+"+id)
	}
	for _, id := range change.Removed {
		of = append(of, "-"+id)
	}
	if err := c.note(AuditEntry{At: c.now, By: actor, What: "admins", Of: of, Call: s.call()}); err != nil {
		return err
	}
	return s.commit(ctx, c)
}

// note adds an entry to the audit log, as [Store.Note] does.
func (c *change) note(e AuditEntry) error {
	e.At = e.At.UTC().Truncate(time.Millisecond)
	text, err := encodeJSON(e)
	if err != nil {
		return err
	}
	c.op("ZADD", c.names.audit(), floorMillis(e.At), text)
	c.op("ZREMRANGEBYRANK", c.names.audit(), 0, -auditMost-1)
	return nil
}

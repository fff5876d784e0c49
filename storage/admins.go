package storage

import (
	"context"
	"time"

	"rapport/bot"
)

// SaveAdmins implements [bot.AdminStore]: the record and the entry of the audit log that says who changed it are written in one step.
func (s *Store) SaveAdmins(ctx context.Context, token bot.Token, w bot.Workspace, actor string, change bot.AdminChange) error {
	of := make([]string, 0, len(change.Added)+len(change.Removed))
	for _, id := range change.Added {
		of = append(of, "+"+id)
	}
	for _, id := range change.Removed {
		of = append(of, "-"+id)
	}
	return s.saveNoted(ctx, token, w, AuditEntry{By: actor, What: "admins", Of: of})
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

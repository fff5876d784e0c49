package slackapp

import (
	"bytes"
	"context"

	"github.com/slack-go/slack"
)

// Upload hands a file's bytes to Slack and returns the file's id. Nobody sees it before [Client.Share].
func (c *Client) Upload(ctx context.Context, name string, raw []byte) (file string, err error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	place, err := c.api.GetUploadURLExternalContext(ctx, slack.GetUploadURLExternalParameters{FileName: name, FileSize: len(raw)})
	if err != nil {
		return "", callError("files.getUploadURLExternal", err)
	}
	err = c.api.UploadToURL(ctx, slack.UploadToURLParameters{UploadURL: place.UploadURL, Reader: bytes.NewReader(raw), Filename: name})
	return place.FileID, callError("upload of a file", err)
}

// Share shows an uploaded file in a conversation that the bot is in, with a comment.
func (c *Client) Share(ctx context.Context, file, title, channel, comment string) error {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	_, err := c.api.CompleteUploadExternalContext(ctx, slack.CompleteUploadExternalParameters{
		Files: []slack.FileSummary{{ID: file, Title: title}}, Channel: channel, InitialComment: comment,
	})
	return callError("files.completeUploadExternal", err)
}

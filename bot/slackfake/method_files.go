package slackfake

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"path"
	"strconv"
	"strings"
)

// fileMethods are about uploads.
func fileMethods() []*method {
	return []*method{
		{
			name: "files.getUploadURLExternal", rate: tier(4), scopes: words("files:write"), required: words("filename length"),
			optional: words("alt_txt snippet_type"), act: getUploadURL,
		},
		{
			name: "files.completeUploadExternal", rate: tier(4), scopes: words("files:write"), required: words("files"),
			optional: words("channel_id channels initial_comment thread_ts blocks"), act: completeUpload,
		},
	}
}

// maxUpload is the longest file that is taken, in bytes; more would only fill this machine's memory.
const maxUpload = 16 << 20

// getUploadURL promises a place for a file of exactly that length.
func getUploadURL(c *call) (reply, *refusal) {
	length, err := strconv.Atoi(c.args["length"])
	switch {
	case err != nil || length <= 0:
		return nil, refuse("invalid_arguments", "[ERROR] must be a positive integer [json-pointer:/length]")
	case length > maxUpload:
		return nil, refuse("file_upload_size_restricted")
	}
	name := path.Base(c.args["filename"])
	f := &File{ID: c.world.id("F"), Name: name, Title: name, Size: length, User: c.app.botUser, secret: randomHex(16)}
	if f.Type = mime.TypeByExtension(path.Ext(name)); f.Type == "" {
		f.Type = "application/octet-stream"
	}
	c.world.files[f.ID] = f
	return reply{"upload_url": fmt.Sprintf("%s/upload/%s/%s", c.base(), f.ID, f.secret), "file_id": f.ID}, nil
}

// serveUpload takes a file's bytes, as they are or as a form.
func (s *Server) serveUpload(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxUpload+1<<20)
	data, err := readUpload(r)
	if err != nil {
		http.Error(w, "the upload could not be read", http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.world.files[r.PathValue("file")]
	switch {
	case f == nil || f.secret != r.PathValue("secret") || f.shared:
		http.Error(w, "no such upload", http.StatusNotFound)
	case len(data) != f.Size:
		http.Error(w, fmt.Sprintf("%d bytes were announced, %d came", f.Size, len(data)), http.StatusBadRequest)
	default:
		f.data = data
		_, _ = fmt.Fprintf(w, "OK - %d", len(data)) // the client has gone otherwise
	}
}

// readUpload reads a body that is a file, or a form with one.
func readUpload(r *http.Request) ([]byte, error) {
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data") {
		return io.ReadAll(r.Body)
	}
	if err := r.ParseMultipartForm(maxUpload); err != nil {
		return nil, err
	}
	for _, files := range r.MultipartForm.File {
		if len(files) > 0 {
			return readPart(files[0])
		}
	}
	return nil, http.ErrMissingFile
}

func readPart(header *multipart.FileHeader) ([]byte, error) {
	file, err := header.Open()
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(file)
	return data, errors.Join(err, file.Close())
}

// serveFile gives a file that was shared.
func (s *Server) serveFile(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.world.files[r.PathValue("file")]
	if f == nil || !f.shared {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", f.Type)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": f.Name}))
	_, _ = w.Write(f.data) // the client has gone otherwise
}

// completeUpload shares uploaded files, in a conversation if one is named.
func completeUpload(c *call) (reply, *refusal) {
	files, no := c.uploaded()
	if no != nil {
		return nil, no
	}
	refs := c.args.list("channels")
	if id := c.args["channel_id"]; id != "" {
		refs = append(refs, id)
	}
	var places []*Channel
	for _, ref := range refs {
		place, no := c.postable(ref)
		if no != nil {
			return nil, no
		}
		places = append(places, place)
	}
	said := content{text: c.args["initial_comment"], blocks: c.args.object("blocks")}
	if problems := checkMessage(said.text, said.blocks, nil); len(problems) > 0 {
		c.overLimit(c.method.name, problems)
		return nil, messageRefusal(problems)
	}
	said.blocks = nameBlocks(said.blocks)
	for _, place := range places {
		thread, no := c.thread(place)
		if no != nil {
			return nil, no
		}
		m := c.byApp(said, thread)
		m.Files, m.Subtype = files, "file_share"
		c.addMessage(place, m)
	}
	list := make([]map[string]any, 0, len(files))
	for _, f := range files {
		f.shared = true
		list = append(list, c.fileJSON(f))
	}
	return reply{"files": list}, nil
}

// uploaded finds the files that the call names, with the titles that it gives them. All must have come.
func (c *call) uploaded() ([]*File, *refusal) {
	var refs []struct {
		ID    string `json:"id"`
		Title string `json:"title"`
	}
	if err := json.Unmarshal(c.args.object("files"), &refs); err != nil || len(refs) == 0 {
		return nil, refuse("invalid_arguments", "[ERROR] must be a list of files [json-pointer:/files]")
	}
	var files []*File
	for _, ref := range refs {
		f := c.world.files[ref.ID]
		if f == nil || f.data == nil || f.shared {
			return nil, refuse("file_not_found")
		}
		if ref.Title != "" {
			f.Title = ref.Title
		}
		files = append(files, f)
	}
	return files, nil
}

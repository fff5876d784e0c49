package slackapp

import (
	"fmt"
	"strconv"

	"github.com/slack-go/slack"
)

const mineTableTitle = "My kudos as a table"

// kudosTable is a part of the table to copy. said, if any, is what became of a file.
func kudosTable(part tablePart, files bool, said string) Modal {
	var blocks []slack.Block
	if said != "" {
		blocks = append(blocks, section("*"+said+"*"))
	}
	blocks = append(blocks, section("Comma-separated values, for any spreadsheet: select all in a field, copy it, and paste it below what came before. Nothing that you type here is kept."))
	for i, piece := range part.Pieces {
		number := part.Page*tablePieces + i + 1
		// Another block for each page: Slack keeps what stands in a field of the same name.
		blocks = append(blocks, Input{Block: fmt.Sprintf("mine_table_%d", number), Label: "Part " + strconv.Itoa(number), Optional: true}.text(piece, "", maxInputText, true))
	}
	if turns := tableTurns(part, files); len(turns) > 0 {
		blocks = append(blocks, actions(turns...))
	}
	small := "Only you see this. What you took back is not in it."
	if files {
		small += " A file comes into your conversation with me. Slack keeps files until they are deleted, and whoever administers your Slack may be able to read them."
	}
	return Modal{
		CallbackID: "mine.table", Title: mineTableTitle, Submit: "Done", Close: "Close", Blocks: append(blocks, contextLine(small)),
	}
}

func tableTurns(part tablePart, files bool) []slack.BlockElement {
	var turns []slack.BlockElement
	if part.More {
		turns = append(turns, button("mine.part", strconv.Itoa(part.Page+1), "Next parts"))
	}
	if part.Page > 0 {
		turns = append(turns, button("mine.part", strconv.Itoa(part.Page-1), "Parts before"))
	}
	if files {
		turns = append(turns, confirmed(button("mine.file", strconv.Itoa(part.Page), "Send me all of it as a file"), "Send it as a file?",
			"Slack keeps files until they are deleted, and whoever administers your Slack may be able to read them, private kudos too.", "Send the file", "Do not send it"))
	}
	return turns
}

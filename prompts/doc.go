// Package prompts exists so that the words Rapport offers people can be written, judged and improved by people who do not program:
// they are plain text files in the folder library, built into the binary, and a workspace can bring a folder of its own.
//
// [Load] reads and checks such folders, and says file and line of whatever is wrong. [Library.Pick] chooses one prompt for its
// readers, purely: the date, what they have seen and the seed are arguments. How a file looks is told in library/README.md.
package prompts

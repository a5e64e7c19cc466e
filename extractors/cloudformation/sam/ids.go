package sam

import (
	"crypto/sha1" // what SAM makes logical IDs with; no secret depends on it
	"encoding/hex"
)

// hashed is a logical ID with the hash of a text, as SAM makes it.
func hashed(id, text string) string {
	if text == "" {
		return id
	}
	sum := sha1.Sum([]byte(text))
	return id + hex.EncodeToString(sum[:])[:10]
}

// suffixed is a logical ID with a suffix: as it is when it may be part of a logical ID,
// else its hash.
func suffixed(id, suffix string) string {
	for _, c := range suffix {
		if (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') {
			return hashed(id, suffix)
		}
	}
	return id + suffix
}

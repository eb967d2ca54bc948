"""The officials' face: counter, desk, signing, control."""

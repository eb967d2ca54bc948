"""What messages say: their shape in a content pack, its checks, its versions, and the words for one person."""

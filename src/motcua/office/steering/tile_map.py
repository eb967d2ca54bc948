"""The 30 districts of Hanoi as tiles, each roughly where it lies: a scheme, not a map of borders.

No map of the districts under a clear free licence was at hand, and on a true map the small inner districts, which
take in most dossiers, would be the hardest to see. Placing is ours: columns from the west, rows from the north.
"""

# By the code of the General Statistics Office: column and row, from 1.
PLACES: dict[str, tuple[int, int]] = {
    "016": (6, 1),  # Sóc Sơn
    "250": (5, 2), "017": (6, 2),  # Mê Linh, Đông Anh
    "271": (1, 3), "269": (2, 3), "272": (3, 3), "273": (4, 3),  # Ba Vì, Sơn Tây, Phúc Thọ, Đan Phượng
    "021": (5, 3), "003": (6, 3), "004": (7, 3), "018": (8, 3),  # Bắc Từ Liêm, Tây Hồ, Long Biên, Gia Lâm
    "276": (2, 4), "274": (3, 4), "019": (4, 4),  # Thạch Thất, Hoài Đức, Nam Từ Liêm
    "005": (5, 4), "001": (6, 4), "002": (7, 4),  # Cầu Giấy, Ba Đình, Hoàn Kiếm
    "275": (3, 5), "268": (4, 5), "009": (5, 5), "006": (6, 5), "007": (7, 5),
    # Quốc Oai, Hà Đông, Thanh Xuân, Đống Đa, Hai Bà Trưng
    "277": (3, 6), "278": (4, 6), "020": (6, 6), "008": (7, 6),  # Chương Mỹ, Thanh Oai, Thanh Trì, Hoàng Mai
    "282": (3, 7), "281": (4, 7), "279": (6, 7),  # Mỹ Đức, Ứng Hòa, Thường Tín
    "280": (6, 8),  # Phú Xuyên
}  # fmt: skip

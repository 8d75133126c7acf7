"""Where holes come from: pictures, folders, videos, boxes, arrays. bool, True = paint here."""

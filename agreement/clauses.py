"""The clauses of the Agreement of 18/11/2009 that were seen, in our own words; what was not seen is not here.

Articles 6, 7(1), 7(2), 8, 9, 17-19, 24, 25, 31-37 and all after 39 were not seen: no limit is taken from elsewhere in their place.
"""

from schemas.codebook import Label

CLAUSES: dict[str, Label] = {
    "1": Label("định nghĩa", "definitions"),
    "2": Label("căn cứ xác định đường biên giới", "documents that fix the line"),
    "3": Label("tôn trọng, bảo vệ mốc giới và đường thông tầm nhìn", "respect and protect markers and the clear-view strip"),
    "4": Label("mỗi bên giữ gìn mốc do mình cắm", "each side maintains the markers it erected"),
    "5(1)": Label("ngăn ngừa hư hại, dịch chuyển, trộm cắp mốc giới", "prevent damage, moving and theft of markers"),
    "5(2)": Label("sửa chữa tại chỗ, thông báo trước ít nhất 10 ngày", "repair in place after at least 10 days' notice"),
    "7(3)": Label("không hoạt động trong đường thông tầm nhìn nếu chưa thỏa thuận", "nothing in the clear-view strip unless agreed"),
    "10": Label("chỉ đánh bắt cá trong vùng nước của mình", "fishing in own waters only"),
    "11(1)": Label("không đơn phương làm thay đổi vùng nước biên giới", "no unilateral change of border waters"),
    "12(1)": Label("tàu thuyền nước thứ ba không được vào sông biên giới", "no third-country vessels on border rivers"),
    "12(3)": Label("cùng trục vớt vật cản", "jointly clear wrecks and obstacles"),
    "12(4)": Label("tàu thuyền gặp nạn được neo đậu và phải báo ngay", "a vessel in distress may moor and reports at once"),
    "13": Label("hợp tác phòng chống lũ", "flood co-operation"),
    "14": Label("không vượt biên giới để sản xuất", "no crossing to produce, bury, graze, hunt, mine or gather"),
    "15(1)": Label("sản xuất không gây hại cho bên kia", "production must not harm the other side"),
    "15(2)": Label("thông báo thời gian, địa điểm hoạt động có thể gây hại", "tell time and place of what may harm"),
    "15(3)": Label("không đặt kho, bãi nguy hại trong 1 km", "no hazardous site within 1 km"),
    "15(4)": Label("nổ mìn trong 2 km phải báo trước ít nhất 48 giờ", "blasting within 2 km after at least 48 hours' notice"),
    "15(5)": Label("không đốt cây khai hoang trong 1.000 m", "no burning to clear land within 1,000 m"),
    "15(6)": Label("không khai thác khoáng sản trong 500 m nếu chưa thỏa thuận", "no mining within 500 m unless agreed"),
    "15(7)": Label("không săn bắn bằng súng trong 1.000 m, không bắn sang bên kia", "no hunting with guns within 1,000 m, no shot across"),
    "16(1)": Label("công trình qua biên giới cần hai cấp thỏa thuận", "works crossing the line need both agreements"),
    "16(2)": Label("giới hạn quản lý công trình trên vùng nước", "management limit of structures over water"),
    "20": Label("bay khảo sát trong 25 km phải thông báo", "survey flights within 25 km owe notice"),
    "21(1)": Label("không xây mới công trình kiên cố trong 30 m", "no new permanent works within 30 m"),
    "21(2)": Label("các ngoại lệ", "exceptions"),
    "21(3)": Label("không mở rộng công trình đã có", "existing works are not extended"),
    "22": Label("giấy thông hành xuất nhập cảnh vùng biên giới", "border-area permits"),
    "23": Label("cửa khẩu theo hiệp định riêng", "gates have their own agreement"),
    "26": Label("thông báo trước khi hạn chế qua lại", "notice before restricting crossings"),
    "27": Label("phối hợp phòng chống tội phạm", "joint fight against crime"),
    "28": Label("liên hệ giữa các tỉnh biên giới", "contacts of border provinces"),
    "29": Label("liên hệ giữa các cơ quan", "contacts between services"),
    "30": Label("thương mại, du lịch biên giới", "border trade and tourism"),
    "38": Label("đại diện biên giới", "border representatives"),
    "39": Label("sự kiện biên giới", "border events"),
}

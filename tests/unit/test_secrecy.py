"""What is a state-secret marking, and what is only a word."""

import unicodedata

import pytest

from schemas.secrecy import marked_secret

MARKED = (
    *("MẬT", "Tài liệu MẬT về biên giới", "CÔNG VĂN MẬT.", "MẬT/HỎA TỐC", "MẬT - chuyển ngay", '"MẬT"', "_MẬT_", "*MẬT*", "ＭẬＴ", "M Ậ T"),
    *("TỐI MẬT", "TUYỆT MẬT", "TUYỆT\nMẬT", "TỐI\u00a0MẬT", "TÀI LIỆU TỐI  MẬT SỐ 3", "tối mật", "hồ sơ tuyệt mật", "Tuyệt mật"),
    *(
        "Độ mật: Mật",
        "độ mật: mật",
        "ĐỘ MẬT: MẬT",
        "Độ mật:Mật",
        "Độ mật ： Tối mật",
        "Độ mật - Mật",
        "Độ mật là Mật",
        "mức độ mật: tuyệt mật",
    ),
    *(
        "(Mật)",
        "(mật)",
        "[TỐI MẬT]",
        "( Mật )",
        "【Mật】",
        "（Mật）",
        "“Mật”",
        "Mật",
        "MẬT PHỤC, TỐI MẬT",
        "TÀI LIỆU MẬT DANH SÁCH KÈM THEO",
    ),
)
WORDS = (
    *("mật phục", "Tổ mật phục tại mốc 1088", "Mật phục", "MẬT PHỤC TẠI MỐC 1088", "MẬT  PHỤC", "mật ong", "MẬT ONG", "MẬT GẤU", "rỉ mật"),
    *(
        "bí mật",
        "Bí mật",
        "BÍ MẬT",
        "BÍ\u00a0MẬT",
        "BÍ\nMẬT",
        "không mang bí mật nhà nước",
        "BẢO MẬT",
        "mật khẩu",
        "MẬT KHẨU",
        "Mật độ giao thông",
    ),
    *(
        "buổi tối mật phục tại đường mòn",
        "tối mật phục",
        "thân mật",
        "mật thiết",
        "cơ mật",
        "mật",
        "vận chuyển 20 lít mật",
        "độ mật độ",
        "mất",
        "mặt",
    ),
)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("text", MARKED)
def test_a_marking_is_seen(text: str, form: str) -> None:
    assert marked_secret(unicodedata.normalize(form, text))


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("text", WORDS)
def test_a_word_is_no_marking(text: str, form: str) -> None:
    assert not marked_secret(unicodedata.normalize(form, text))

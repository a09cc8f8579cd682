"""The one font that pictures are drawn with: Noto Sans SC (SIL Open Font License 1.1, see OFL.txt), cut down to GB 2312.

Cut with fontTools from NotoSansSC_400Regular.ttf of the npm package @expo-google-fonts/noto-sans-sc: all characters of GB 2312, ASCII and
the punctuation 〔〕—·…￥¥“”‘’×; no hinting, no layout features.
"""

"""What is called of Pango: its C functions, declared by hand and loaded under their known names.

The declarations are of https://docs.gtk.org/Pango/ and https://docs.gtk.org/PangoCairo/, no more
than render/typeset.py calls: binding all of Pango takes a fifth of a second in every process.
"""

from __future__ import annotations

import cffi  # type: ignore[import-untyped]

ffi = cffi.FFI()
ffi.cdef("""
    typedef int gboolean;
    typedef void *gpointer;
    void g_object_unref(gpointer object);

    typedef ... PangoAttribute;
    typedef ... PangoAttrList;
    typedef ... PangoContext;
    typedef ... PangoFont;
    typedef ... PangoFontDescription;
    typedef ... PangoFontMap;
    typedef ... PangoGlyphString;
    typedef ... PangoItem;
    typedef ... PangoLanguage;
    typedef ... PangoLayout;
    typedef ... PangoLayoutIter;
    typedef ... PangoLayoutLine;
    typedef struct { int x, y, width, height; } PangoRectangle;
    typedef struct {
        PangoItem *item;
        PangoGlyphString *glyphs;
        int y_offset, start_x_offset, end_x_offset;
    } PangoLayoutRun;

    PangoAttribute *pango_attr_font_features_new(const char *features);
    PangoAttribute *pango_attr_letter_spacing_new(int letter_spacing);
    PangoAttribute *pango_attr_line_height_new_absolute(int height);
    PangoAttribute *pango_attr_strikethrough_new(gboolean strikethrough);
    PangoAttrList *pango_attr_list_new(void);
    PangoAttrList *pango_attr_list_copy(PangoAttrList *list);
    void pango_attr_list_change(PangoAttrList *list, PangoAttribute *attr);
    void pango_attr_list_insert(PangoAttrList *list, PangoAttribute *attr);
    void pango_attr_list_unref(PangoAttrList *list);

    PangoContext *pango_font_map_create_context(PangoFontMap *fontmap);
    PangoFont *pango_font_map_load_font(
        PangoFontMap *fontmap, PangoContext *context, const PangoFontDescription *desc);
    void pango_context_set_language(PangoContext *context, PangoLanguage *language);
    void pango_context_set_round_glyph_positions(PangoContext *context, gboolean round_positions);
    PangoLanguage *pango_language_from_string(const char *language);

    PangoFontDescription *pango_font_describe(PangoFont *font);
    PangoFontDescription *pango_font_description_new(void);
    void pango_font_description_free(PangoFontDescription *desc);
    const char *pango_font_description_get_family(const PangoFontDescription *desc);
    void pango_font_description_set_absolute_size(PangoFontDescription *desc, double size);
    void pango_font_description_set_family(PangoFontDescription *desc, const char *family);
    void pango_font_description_set_style(PangoFontDescription *desc, int style);
    void pango_font_description_set_weight(PangoFontDescription *desc, int weight);

    PangoLayout *pango_layout_new(PangoContext *context);
    void pango_layout_set_alignment(PangoLayout *layout, int alignment);
    void pango_layout_set_attributes(PangoLayout *layout, PangoAttrList *attrs);
    void pango_layout_set_ellipsize(PangoLayout *layout, int ellipsize);
    void pango_layout_set_font_description(PangoLayout *layout, const PangoFontDescription *desc);
    void pango_layout_set_height(PangoLayout *layout, int height);
    void pango_layout_set_single_paragraph_mode(PangoLayout *layout, gboolean setting);
    void pango_layout_set_text(PangoLayout *layout, const char *text, int length);
    void pango_layout_set_width(PangoLayout *layout, int width);
    void pango_layout_set_wrap(PangoLayout *layout, int wrap);
    PangoAttrList *pango_layout_get_attributes(PangoLayout *layout);
    int pango_layout_get_baseline(PangoLayout *layout);
    void pango_layout_get_extents(
        PangoLayout *layout, PangoRectangle *ink_rect, PangoRectangle *logical_rect);
    int pango_layout_get_line_count(PangoLayout *layout);
    PangoLayoutLine *pango_layout_get_line_readonly(PangoLayout *layout, int line);
    const char *pango_layout_get_text(PangoLayout *layout);
    int pango_layout_get_unknown_glyphs_count(PangoLayout *layout);
    gboolean pango_layout_is_ellipsized(PangoLayout *layout);
    int pango_layout_line_get_length(PangoLayoutLine *line);
    int pango_layout_line_get_start_index(PangoLayoutLine *line);

    PangoLayoutIter *pango_layout_get_iter(PangoLayout *layout);
    void pango_layout_iter_free(PangoLayoutIter *iter);
    gboolean pango_layout_iter_next_line(PangoLayoutIter *iter);
    gboolean pango_layout_iter_next_run(PangoLayoutIter *iter);
    void pango_layout_iter_get_line_extents(
        PangoLayoutIter *iter, PangoRectangle *ink_rect, PangoRectangle *logical_rect);
    void pango_layout_iter_get_run_extents(
        PangoLayoutIter *iter, PangoRectangle *ink_rect, PangoRectangle *logical_rect);
    PangoLayoutRun *pango_layout_iter_get_run_readonly(PangoLayoutIter *iter);

    typedef ... cairo_t;
    typedef ... cairo_font_options_t;
    PangoFontMap *pango_cairo_font_map_new(void);
    void pango_cairo_context_set_font_options(
        PangoContext *context, const cairo_font_options_t *options);
    void pango_cairo_layout_path(cairo_t *cr, PangoLayout *layout);
    void pango_cairo_show_layout(cairo_t *cr, PangoLayout *layout);
""")

gobject = ffi.dlopen("libgobject-2.0.so.0")
pango = ffi.dlopen("libpango-1.0.so.0")
pangocairo = ffi.dlopen("libpangocairo-1.0.so.0")

/* What is called of fontconfig, GLib and Pango: no more than render/fonts.py and render/typeset.py do.

   To read this takes cffi a twentieth of a second, in every process. So declarations.py has it
   read: `.venv/bin/python -m tests.render.declarations` writes that file anew. */

/* https://www.freedesktop.org/software/fontconfig/fontconfig-devel/ */
typedef int FcBool;
typedef unsigned char FcChar8;
typedef ... FcConfig;
typedef ... FcPattern;
typedef ... FcCharSet;
typedef struct { int nfont; int sfont; FcPattern **fonts; } FcFontSet;
FcConfig *FcConfigCreate(void);
FcBool FcConfigParseAndLoad(FcConfig *config, const FcChar8 *file, FcBool complain);
FcBool FcConfigBuildFonts(FcConfig *config);
FcFontSet *FcConfigGetFonts(FcConfig *config, int set);
int FcPatternGetString(const FcPattern *p, const char *object, int n, FcChar8 **s);
int FcPatternGetCharSet(const FcPattern *p, const char *object, int n, FcCharSet **c);
FcCharSet *FcCharSetCreate(void);
FcBool FcCharSetMerge(FcCharSet *a, const FcCharSet *b, FcBool *changed);
FcBool FcCharSetHasChar(const FcCharSet *fcs, unsigned int ucs4);

/* https://docs.gtk.org/gobject/ */
typedef int gboolean;
typedef void *gpointer;
void g_object_unref(gpointer object);

/* https://docs.gtk.org/Pango/; of a log attribute, one word of bits, and of a glyph, five words, of
   which the second is the advance, pango-break.h and pango-glyph.h tell more. */
typedef ... PangoAttrList;
typedef ... PangoContext;
typedef ... PangoFont;
typedef ... PangoFontDescription;
typedef ... PangoFontMap;
typedef ... PangoLanguage;
typedef ... PangoLayout;
typedef ... PangoLayoutIter;
typedef struct { int x, y, width, height; } PangoRectangle;
typedef struct { const void *class; unsigned int start_index, end_index; } PangoAttribute;
typedef struct {
    int offset, length, num_chars;
    struct {
        void *shape_engine, *lang_engine;
        PangoFont *font;
        unsigned char level, gravity, flags;
    } analysis;
} PangoItem;
typedef struct { int num_glyphs; int *glyphs; int *log_clusters; } PangoGlyphString;
typedef struct {
    PangoItem *item;
    PangoGlyphString *glyphs;
    int y_offset, start_x_offset, end_x_offset;
} PangoLayoutRun;
typedef struct Runs { PangoLayoutRun *data; struct Runs *next; } Runs; /* a GSList of them */
typedef struct { PangoLayout *layout; int start_index, length; Runs *runs; } PangoLayoutLine;

PangoAttribute *pango_attr_allow_breaks_new(gboolean allow_breaks);
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
void pango_fc_font_map_set_config(PangoFontMap *fcfontmap, FcConfig *fcconfig);
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
const unsigned int *pango_layout_get_log_attrs_readonly(PangoLayout *layout, int *n_attrs);
const char *pango_layout_get_text(PangoLayout *layout);
int pango_layout_get_unknown_glyphs_count(PangoLayout *layout);
gboolean pango_layout_is_ellipsized(PangoLayout *layout);

PangoLayoutIter *pango_layout_get_iter(PangoLayout *layout);
void pango_layout_iter_free(PangoLayoutIter *iter);
gboolean pango_layout_iter_next_line(PangoLayoutIter *iter);
gboolean pango_layout_iter_next_run(PangoLayoutIter *iter);
void pango_layout_iter_get_line_extents(
    PangoLayoutIter *iter, PangoRectangle *ink_rect, PangoRectangle *logical_rect);
void pango_layout_iter_get_run_extents(
    PangoLayoutIter *iter, PangoRectangle *ink_rect, PangoRectangle *logical_rect);
PangoLayoutRun *pango_layout_iter_get_run_readonly(PangoLayoutIter *iter);

/* https://docs.gtk.org/PangoCairo/ */
typedef ... cairo_t;
typedef ... cairo_font_options_t;
PangoFontMap *pango_cairo_font_map_new(void);
void pango_cairo_context_set_font_options(
    PangoContext *context, const cairo_font_options_t *options);
void pango_cairo_layout_path(cairo_t *cr, PangoLayout *layout);
void pango_cairo_show_layout(cairo_t *cr, PangoLayout *layout);

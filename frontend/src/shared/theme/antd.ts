import { type ThemeConfig, theme } from 'antd'
import { type Mode, PALETTES, SOFT } from './colors'

export const FONT =
  'system-ui, -apple-system, "Segoe UI", Roboto, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", sans-serif'
export const MONOSPACE = 'ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "Noto Sans Mono CJK SC", monospace'

/** The component kit in our colours; its own default misses AA for links, tags, placeholders and disabled-looking text. */
export function antdTheme(mode: Mode, fontSize: number): ThemeConfig {
  const colors = PALETTES[mode]
  const soft = SOFT[mode]
  return {
    algorithm: mode === 'dark' ? theme.darkAlgorithm : theme.defaultAlgorithm,
    token: {
      fontFamily: FONT,
      fontFamilyCode: MONOSPACE,
      fontSize,
      borderRadius: 4,
      // Quick, and kind to those whom motion troubles. A spinner whose work ended while it still came in would stay, too.
      motion: false,
      colorPrimary: colors.accent,
      colorPrimaryHover: colors.accentHover,
      colorLink: colors.accent,
      colorInfo: colors.info,
      colorSuccess: colors.good,
      colorWarning: colors.warn,
      colorError: colors.bad,
      colorErrorText: colors.bad,
      colorSuccessBg: soft.good.back,
      colorSuccessBorder: soft.good.border,
      colorWarningBg: soft.warn.back,
      colorWarningBorder: soft.warn.border,
      colorErrorBg: soft.bad.back,
      colorErrorBorder: soft.bad.border,
      colorInfoBg: soft.info.back,
      colorInfoBorder: soft.info.border,
      colorTextLightSolid: colors.onAccent,
      colorBgLayout: colors.page,
      colorBgContainer: colors.surface,
      colorBgElevated: colors.raised,
      colorBorder: mode === 'light' ? '#8790a1' : '#667085',
      colorBorderSecondary: colors.border,
      colorText: colors.text,
      colorTextSecondary: colors.muted,
      colorTextTertiary: colors.muted,
      colorTextDescription: colors.muted,
      colorTextPlaceholder: colors.muted,
      colorTextDisabled: colors.muted,
    },
    components: {
      Button: { primaryShadow: 'none', defaultShadow: 'none', dangerShadow: 'none' },
      Tooltip: { colorBgSpotlight: '#2a3142', colorTextLightSolid: '#ffffff' },
      Tabs: { horizontalMargin: '0 0 12px 0' },
    },
  }
}
